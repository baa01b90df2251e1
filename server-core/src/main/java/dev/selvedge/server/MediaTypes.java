package dev.selvedge.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The media types of files, by the extension of their names (RFC 9110 §8.3.1). Immutable: {@link #with} returns another
 * table.
 *
 * <p>The {@linkplain #standard() standard} table knows over a thousand extensions. All of {@code text/}, JavaScript
 * with it, is said to be UTF-8, which is what text is written in today; JSON has no such parameter (RFC 8259 §11), and
 * XML says it by itself. Some extensions have several meanings; here they have the one that matters where a browser
 * asks: {@code .ts} is a segment of a video (MPEG-2 transport stream), as no browser runs TypeScript, and {@code .mp4},
 * {@code .webm} and {@code .ogg} are what players look for in them first: video, video and audio. Source code whose
 * language has no registered type is {@code text/plain}, so that browsers show it. A compressed file has the type of
 * its compression ({@code .tar.gz} is {@code application/gzip}, {@code .svgz} too).
 */
public final class MediaTypes {

    private static final String UNKNOWN = "application/octet-stream";
    private static final MediaTypes STANDARD = new MediaTypes(Map.of());

    private final Map<String, String> own;

    private MediaTypes(Map<String, String> own) {
        this.own = own;
    }

    /**
     * Returns the table that comes with the server. It is read when a file's type is asked for the first time.
     *
     * @return the table
     */
    public static MediaTypes standard() {
        return STANDARD;
    }

    /**
     * Returns this table with another type for the files with an extension.
     *
     * @param extension what follows the last dot of their names, in any case, without the dot; for example
     *     {@code "gltf"}
     * @param contentType what {@link #of} returns for them, as it is, for example {@code "model/gltf+json"} or
     *     {@code "text/css; charset=utf-8"}
     * @return the new table
     * @throws IllegalArgumentException if the extension is empty or has a dot, a slash or a backslash, or if the type
     *     can't be the value of a Content-Type
     */
    public MediaTypes with(String extension, String contentType) {
        if (extension.isEmpty() || extension.chars().anyMatch(c -> c == '.' || c == '/' || c == '\\')) {
            throw new IllegalArgumentException("\"" + extension + "\" is no extension: that is what follows the last dot"
                    + " of a file's name, without the dot");
        }
        if (MediaType.withoutParameters(contentType).isEmpty()) {
            throw new IllegalArgumentException("\"" + contentType + "\" is no media type: that has the form type/subtype,"
                    + " with or without parameters behind a semicolon");
        }
        Headers.of("Content-Type", contentType);    // refuses what no header value may have
        Map<String, String> more = new HashMap<>(own);
        more.put(extension.toLowerCase(Locale.ROOT), contentType);
        return new MediaTypes(Map.copyOf(more));
    }

    /**
     * Returns the type of a file.
     *
     * @param fileName its name, or a path that ends in it; the case of the extension does not matter
     * @return the value for Content-Type, for example {@code "text/html; charset=utf-8"};
     *     {@code "application/octet-stream"} if the name has no extension, or one that is not in the table
     */
    public String of(String fileName) {
        int dot = fileName.lastIndexOf('.');
        if (dot < 0) {
            return UNKNOWN;
        }
        String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        String type = own.get(extension);
        return type != null ? type : Standard.TYPES.getOrDefault(extension, UNKNOWN);
    }

    /** Reads the table that comes with the server, once, when it is needed. */
    private static final class Standard {

        static final Map<String, String> TYPES = read();

        private static Map<String, String> read() {
            try (InputStream in = MediaTypes.class.getResourceAsStream("media-types.txt")) {
                if (in == null) {
                    throw new IllegalStateException("media-types.txt is missing beside MediaTypes.class");
                }
                return parse(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException("can't read media-types.txt", e);
            }
        }

        /** Takes lines of a type and its extensions, with one space before each extension. */
        private static Map<String, String> parse(String lines) {
            Map<String, String> types = HashMap.newHashMap(1600);
            for (int from = 0; from < lines.length();) {
                int end = lines.indexOf('\n', from);
                int space = lines.indexOf(' ', from);
                if (lines.charAt(from) != '#') {
                    String type = lines.substring(from, space);
                    // Not with a plus sign: the first of those in a JVM costs more than all of this method.
                    String contentType = type.startsWith("text/") ? type.concat("; charset=utf-8") : type;
                    while (space < end) {
                        int next = Math.min(lines.indexOf(' ', space + 1) & Integer.MAX_VALUE, end);
                        types.put(lines.substring(space + 1, next), contentType);
                        space = next;
                    }
                }
                from = end + 1;
            }
            return types;
        }
    }
}
