package dev.selvedge.server.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * Writes the page that lists a directory: HTML without scripts and styles, so that it works under any content security
 * policy. Directories come first, then the names in the order of their code points without regard to case.
 */
final class Listing {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String UNITS = "KMGTPE";

    private static final Comparator<Item> ORDER = Comparator.comparing(Item::directory).reversed()
            .thenComparing((one, other) -> compare(one.name(), other.name(), Listing::folded))
            .thenComparing((one, other) -> compare(one.name(), other.name(), IntUnaryOperator.identity()));

    private Listing() { }

    /**
     * Something in a directory.
     *
     * @param name as it is in the file system, one segment of a path
     * @param directory whether it is a directory
     * @param size in bytes; not shown for directories
     * @param lastModified when it was changed; null if that is not known
     */
    record Item(String name, boolean directory, long size, Instant lastModified) { }

    /**
     * Returns the page. Its links are relative: they hold where the page's address ends in a slash.
     *
     * @param displayPath the directory's path as people read it, decoded
     * @param isRoot whether there is nothing above that is served; if not, there is a link to it
     * @param items what is shown, in any order
     * @return HTML, to be sent as {@code text/html; charset=utf-8}
     */
    static String page(String displayPath, boolean isRoot, List<Item> items) {
        String title = "Index of " + escaped(displayPath);
        StringBuilder page = new StringBuilder(512 + 256 * items.size()).append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark">
                <title>""").append(title).append("""
                </title>
                </head>
                <body>
                <h1><bdi>""").append(title).append("</bdi></h1>\n");
        if (!isRoot) {
            page.append("<p><a href=\"../\">Parent directory</a></p>\n");
        }
        page.append("""
                <table>
                <thead>
                <tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Changed (UTC)</th></tr>
                </thead>
                <tbody>
                """);
        items.stream().sorted(ORDER).forEach(item -> appendRow(page, item));
        return page.append("</tbody>\n</table>\n</body>\n</html>\n").toString();
    }

    private static void appendRow(StringBuilder page, Item item) {
        String slash = item.directory() ? "/" : "";
        page.append("<tr><td><a href=\"").append(percentEncoded(item.name())).append(slash).append("\"><bdi>")
                .append(escaped(item.name())).append(slash).append("</bdi></a></td><td>");
        if (!item.directory()) {
            page.append("<data value=\"").append(item.size()).append("\">").append(size(item.size())).append("</data>");
        }
        page.append("</td><td>");
        if (item.lastModified() != null) {
            page.append("<time datetime=\"").append(item.lastModified().truncatedTo(ChronoUnit.SECONDS)).append("\">")
                    .append(MINUTE.format(item.lastModified())).append("</time>");
        }
        page.append("</td></tr>\n");
    }

    /** Returns text for HTML, also for an attribute in double quotes; a control character becomes U+FFFD. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }

    /** Returns a segment of a path with all escaped but the unreserved characters (RFC 3986 §2.3), no colon either. */
    private static String percentEncoded(String name) {
        StringBuilder encoded = new StringBuilder(name.length() + 16);
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z' || octet >= '0' && octet <= '9'
                    || "-._~".indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(Character.toUpperCase(Character.forDigit(octet >> 4 & 0xF, 16)))
                        .append(Character.toUpperCase(Character.forDigit(octet & 0xF, 16)));
            }
        }
        return encoded.toString();
    }

    /** Returns a number of bytes as people like it, in the largest unit of which there is at least one. */
    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double number = (double) bytes / (1L << 10 * unit);
        return String.format(Locale.ROOT, number < 10 ? "%.1f %ciB" : "%.0f %ciB", number, UNITS.charAt(unit - 1));
    }

    private static int folded(int character) {
        return Character.toLowerCase(Character.toUpperCase(character));
    }

    /** Compares code points; String compares UTF-16, where U+10000 is less than U+E000. */
    private static int compare(String one, String other, IntUnaryOperator key) {
        int at = 0;
        int atOther = 0;
        while (at < one.length() && atOther < other.length()) {
            int character = one.codePointAt(at);
            int otherCharacter = other.codePointAt(atOther);
            int order = Integer.compare(key.applyAsInt(character), key.applyAsInt(otherCharacter));
            if (order != 0) {
                return order;
            }
            at += Character.charCount(character);
            atOther += Character.charCount(otherCharacter);
        }
        return Integer.compare(one.length() - at, other.length() - atOther);
    }
}
