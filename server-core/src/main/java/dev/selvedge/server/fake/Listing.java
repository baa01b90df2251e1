package dev.selvedge.server.fake;

import java.time.Duration;

/** How things are written in messages. */
final class Listing {

    private static final int EXCERPT = 200;

    private Listing() { }

    /** Returns for example {@code 1 request} or {@code 2 requests}. */
    static String count(long number, String noun) {
        return number == 1 ? "1 " + noun : (number == 0 ? "no" : number) + " " + noun + "s";
    }

    /** Returns for example {@code 1 time}. */
    static String times(long number) {
        return number == 1 ? "1 time" : number + " times";
    }

    /** Returns for example {@code 1.5 s}. */
    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return millis < 1000 ? millis + " ms"
                : (millis % 1000 == 0 ? String.valueOf(millis / 1000) : String.valueOf(millis / 1000.0)) + " s";
    }

    /** Returns the beginning of a text in one line and in quotation marks. */
    static String excerpt(String text) {
        StringBuilder line = new StringBuilder("\"");
        for (int i = 0; i < Math.min(EXCERPT, text.length()); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '"', '\\' -> line.append('\\').append(c);
                default -> line.append(Character.isISOControl(c) ? "\\u%04X".formatted((int) c) : c);
            }
        }
        if (text.length() > EXCERPT) {
            line.append("… (").append(text.length()).append(" characters)");
        }
        return line.append('"').toString();
    }
}
