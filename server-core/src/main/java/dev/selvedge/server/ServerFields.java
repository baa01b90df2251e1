package dev.selvedge.server;

import java.util.Locale;

/** The header fields that no application may set, because the server's framing and connections depend on them. */
final class ServerFields {

    private ServerFields() { }

    /**
     * Refuses the name of such a field.
     *
     * @throws IllegalArgumentException if it is one; the message says who sets it
     */
    static void refuse(String name) {
        String reason = switch (name.toLowerCase(Locale.ROOT)) {
            case "content-length" -> "is set by the server from the body";
            case "transfer-encoding", "te", "trailer" -> "is the server's: it decides how a body is framed";
            case "connection", "keep-alive", "proxy-connection" ->
                    "is the server's: it decides how long a connection lasts";
            case "upgrade" -> "is the server's: it decides which protocol is spoken";
            default -> null;
        };
        if (reason != null) {
            throw new IllegalArgumentException(name + " " + reason);
        }
    }
}
