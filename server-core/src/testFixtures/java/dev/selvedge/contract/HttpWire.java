package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A client with a plain socket that sends any octets in any pieces, and whose reads give up after a while. */
final class HttpWire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    /** Enough for most heads, and too little to let a slow reader look like one that goes on reading. */
    private static final int BUFFER_BYTES = 1024;

    final Socket socket;
    final HttpReplyReader replies;
    private final OutputStream out;

    HttpWire(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /** Connects with a receive buffer of a certain size; 0 leaves it to the system. */
    HttpWire(InetSocketAddress server, int receiveBufferBytes) throws IOException {
        socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        out = socket.getOutputStream();
        replies = new HttpReplyReader(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    HttpWire send(String latin1) throws IOException {
        return send(latin1.getBytes(ISO_8859_1));
    }

    HttpWire send(byte[] octets) throws IOException {
        out.write(octets);
        return this;
    }

    /** Sends each octet by itself. */
    HttpWire sendByteByByte(String latin1) throws IOException {
        for (byte octet : latin1.getBytes(ISO_8859_1)) {
            out.write(octet);
        }
        return this;
    }

    /** Sends as much as the server takes: it may have ended the connection before. */
    HttpWire sendIfTaken(byte[] octets) {
        try {
            out.write(octets);
        } catch (IOException ended) {
            // What counts is what can be read then.
        }
        return this;
    }

    HttpReply read(String method) throws IOException {
        return replies.read(method);
    }

    /** Ends the sending side. */
    HttpWire shutDownOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Waits for the end of the connection and fails if anything comes before it. */
    void expectEnd() throws IOException {
        replies.ended();
    }

    /** Waits for the end of the connection, orderly or not. */
    void awaitAnyEnd() throws IOException {
        try {
            while (replies.stream().read() >= 0) {
                // Whatever comes is of no interest.
            }
        } catch (SocketException reset) {
            // Also an end.
        }
    }

    /** Closes with a reset (RST). */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
