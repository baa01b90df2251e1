package dev.selvedge.jmh.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What all answers of a server to one request have in common: status, length and content. It is learnt from a first
 * answer that is looked at in full; after that a client only has to compare.
 *
 * @param length octets of head and content
 * @param content what ends each answer
 */
record AnswerForm(int length, byte[] content) {

    private static final byte[] STATUS = "HTTP/1.1 200 ".getBytes(ISO_8859_1);
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^content-length: *(\\d+) *$");
    private static final int TIMEOUT_MILLIS = 10_000;

    /** Sends one request, and checks its answer. */
    static AnswerForm learn(InetSocketAddress server, Scenario scenario) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server, TIMEOUT_MILLIS);
            socket.getOutputStream().write(scenario.request());
            String head = readHead(socket.getInputStream());
            Matcher length = CONTENT_LENGTH.matcher(head);
            if (!head.startsWith(new String(STATUS, ISO_8859_1)) || !length.find()) {
                throw new IOException("not a 200 with a Content-Length: " + head.strip());
            }
            byte[] content = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
            if (!Arrays.equals(content, scenario.content())) {
                throw new IOException("wrong content: " + new String(content, ISO_8859_1));
            }
            return new AnswerForm(head.length() + content.length, content);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the server has closed the connection behind: " + head);
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    /** Checks a number of answers that fill a buffer. */
    void check(ByteBuffer answers) throws IOException {
        for (int at = 0; at < answers.capacity(); at += length) {
            if (!equal(STATUS, answers, at) || !equal(content, answers, at + length - content.length)) {
                byte[] answer = new byte[length];
                answers.get(at, answer);
                throw new IOException("not the answer that was expected: " + new String(answer, ISO_8859_1));
            }
        }
    }

    private static boolean equal(byte[] expected, ByteBuffer answers, int at) {
        for (int i = 0; i < expected.length; i++) {
            if (answers.get(at + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
