package dev.selvedge.server;

import java.net.InetSocketAddress;

/**
 * A request that the server refused by itself, because it broke a rule or a limit: what a
 * {@linkplain HttpServer.Builder#onRefusal hook} sees of it.
 *
 * @param remoteAddress the client
 * @param status the status that the client was given, 400 to 599
 * @param reason why, as a sentence without capital or full stop, such as {@code "a chunk is malformed"}
 * @param firstBytes how the request begins: at most 256 bytes of its head, as they were received; empty if nothing but
 *     empty lines had come. Not to be changed
 */
public record RefusedRequest(InetSocketAddress remoteAddress, int status, String reason, byte[] firstBytes) {

    private static final String HEX = "0123456789abcdef";

    /**
     * Returns a line for a log: nothing that the client has sent can break out of it.
     *
     * @return for example {@code 400 the Host field is missing, from 192.0.2.7:50123: "GET / HTTP/1.1\r\n\r\n"}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(status).append(' ').append(reason).append(", from ")
                .append(remoteAddress.getAddress().getHostAddress()).append(':').append(remoteAddress.getPort())
                .append(": \"");
        for (byte octet : firstBytes) {
            appendEscaped(text, octet);
        }
        return text.append('"').toString();
    }

    private static void appendEscaped(StringBuilder text, byte octet) {
        switch (octet) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '"', '\\' -> text.append('\\').append((char) octet);
            default -> {
                if (octet >= ' ' && octet < 0x7F) {
                    text.append((char) octet);
                } else {
                    text.append("\\x").append(HEX.charAt(octet >> 4 & 0xF)).append(HEX.charAt(octet & 0xF));
                }
            }
        }
    }
}
