package dev.selvedge.server.http1;

import java.nio.charset.StandardCharsets;

/** How octets are spelled in the vectors; the README beside them explains it. */
final class Spelling {

    private final String spelled;
    private int at;

    private Spelling(String spelled) {
        this.spelled = spelled;
    }

    /** Returns what is spelled, one character for each octet. */
    static String read(String spelled) {
        Spelling spelling = new Spelling(spelled);
        String text = spelling.text(false);
        if (spelling.at < spelled.length()) {
            throw new IllegalArgumentException("a brace too many in " + spelled);
        }
        return text;
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private String text(boolean nested) {
        StringBuilder text = new StringBuilder();
        while (at < spelled.length() && !(nested && spelled.charAt(at) == '}')) {
            char character = spelled.charAt(at++);
            if (character == '\\') {
                escape(text);
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }

    private void escape(StringBuilder text) {
        char kind = spelled.charAt(at++);
        switch (kind) {
            case 'r' -> text.append('\r');
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case '\\' -> text.append('\\');
            case 'x' -> {
                text.append((char) Integer.parseInt(spelled, at, at + 2, 16));
                at += 2;
            }
            case '{' -> {
                int colon = spelled.indexOf(':', at);
                int times = Integer.parseInt(spelled, at, colon, 10);
                at = colon + 1;
                text.append(text(true).repeat(times));
                at++;
            }
            default -> throw new IllegalArgumentException("\\" + kind + " in " + spelled);
        }
    }
}
