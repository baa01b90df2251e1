package dev.selvedge.server.http1;

/** How a character that is not welcome is shown to a person, in one line and without side effects on a log. */
final class Characters {

    private static final String[] CONTROLS = {
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
        "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US", "SP"
    };

    private Characters() { }

    /** Returns for example {@code U+000D CR} or {@code U+0040 @}. */
    static String describe(char character) {
        String codePoint = String.format("U+%04X", (int) character);
        if (character < CONTROLS.length) {
            return codePoint + ' ' + CONTROLS[character];
        }
        if (character == Octets.DEL) {
            return codePoint + " DEL";
        }
        return isPrintable(character) ? codePoint + ' ' + character : codePoint;
    }

    /** Returns the text with a question mark for every character that is not printable ASCII. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            shown.append(isPrintable(character) ? character : '?');
        }
        return shown.toString();
    }

    private static boolean isPrintable(char character) {
        return character >= Octets.SP && character < Octets.DEL;
    }
}
