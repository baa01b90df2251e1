package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client on a plain socket that reads responses strictly and says what it has seen. */
final class Wire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    /**
     * A response without its content.
     *
     * @param status the status
     * @param fields the field lines, by names in lower case
     */
    record Head(int status, Map<String, String> fields) {

        boolean closes() {
            return "close".equals(fields.get("connection"));
        }
    }

    /**
     * A whole response.
     *
     * @param head what comes before the content
     * @param content its octets
     */
    record Reply(Head head, byte[] content) {

        int status() {
            return head.status();
        }

        String text() {
            return new String(content, ISO_8859_1);
        }
    }

    /** The connection has ended where a response could have begun. */
    static final class NoAnswerException extends EOFException {

        private static final long serialVersionUID = 1;

        private NoAnswerException(IOException cause) {
            super("the connection ended where there should have been an answer");
            initCause(cause);
        }
    }

    final Socket socket;
    private final InputStream in;

    Wire(int port) throws IOException {
        this(port, 0);
    }

    /** Connects, with a receive buffer of a certain size; 0 for the usual one. */
    Wire(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 2048);
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    Wire send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    Wire send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        return this;
    }

    boolean hasAnswer() throws IOException {
        return in.available() > 0;
    }

    /** Reads the response to a request with this method; the server has to end the connection only where it says so. */
    Reply read(String method) throws IOException {
        Head head = readHead();
        return new Reply(head, body(head, method).readAllBytes());
    }

    Head readHead() throws IOException {
        String line = readLine(firstOctet());
        if (!line.startsWith("HTTP/1.1 ") || line.length() < 13) {
            throw new IOException("no status line: " + line);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> fields = new TreeMap<>();
        for (line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (fields.put(name, line.substring(colon + 1).strip()) != null) {
                throw new IOException("twice: " + line);
            }
        }
        return status < 200 ? readHead() : new Head(status, fields);
    }

    /** Returns the content that belongs to a head (RFC 9112 §6.3). */
    InputStream body(Head head, String method) {
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return InputStream.nullInputStream();
        }
        if ("chunked".equals(head.fields().get("transfer-encoding"))) {
            return new Framed(true, 0);
        }
        String length = head.fields().get("content-length");
        return length == null ? in : new Framed(false, Long.parseLong(length));
    }

    /** Reads to the end that the server makes; nothing may come before it. */
    void expectEnd() throws IOException {
        int octet = in.read();
        if (octet >= 0) {
            throw new IOException("more behind the last response: " + (char) octet);
        }
    }

    /** Ends the connection by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Where a response could begin, an end may be an end, and so may a reset. */
    private int firstOctet() throws IOException {
        int first;
        try {
            first = in.read();
        } catch (SocketException e) {
            throw new NoAnswerException(e);
        }
        if (first < 0) {
            throw new NoAnswerException(null);
        }
        return first;
    }

    private String readLine() throws IOException {
        return readLine(in.read());
    }

    private String readLine(int first) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = first; c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended, behind: " + line);
            }
            line.append((char) c);
        }
        if (in.read() != '\n') {
            throw new IOException("a bare CR behind: " + line);
        }
        return line.toString();
    }

    /** Content with a length, or in chunks: then the length is that of what is left of a chunk. */
    private final class Framed extends FilterInputStream {

        private final boolean chunked;
        private boolean first = true;
        private boolean ended;
        private long left;

        Framed(boolean chunked, long left) {
            super(Wire.this.in);
            this.chunked = chunked;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] dst, int from, int length) throws IOException {
            if (left == 0 && chunked && !ended) {
                nextChunk();
            }
            if (left == 0) {
                return -1;
            }
            int n = in.read(dst, from, (int) Math.min(length, left));
            if (n < 0) {
                throw new EOFException("the connection ended, " + left + " octets before the end");
            }
            left -= n;
            return n;
        }

        private void nextChunk() throws IOException {
            if (!first && !readLine().isEmpty()) {
                throw new IOException("no CRLF behind a chunk");
            }
            first = false;
            left = Long.parseLong(readLine(), 16);
            if (left == 0) {
                ended = true;
                if (!readLine().isEmpty()) {
                    throw new IOException("a trailer that nobody has sent");
                }
            }
        }
    }
}
