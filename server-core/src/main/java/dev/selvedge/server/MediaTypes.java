package dev.selvedge.server;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Media types: those of files, by the extension of their names, and what a Content-Type says (RFC 9110 §8.3). */
final class MediaTypes {

    static final String TEXT = "text/plain; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";
    static final String JSON = "application/json";

    private static final String UNKNOWN = "application/octet-stream";

    private MediaTypes() { }

    /** Returns the type of a file with that name, never null. */
    static String of(Path file) {
        Path fileName = file.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? UNKNOWN : ofExtension(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** Returns the type and the subtype in lower case; empty if that is not what the value begins with. */
    static Optional<String> withoutParameters(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        int slash = type.indexOf('/');
        return isToken(type, 0, slash) && isToken(type, slash + 1, type.length())
                ? Optional.of(type.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static boolean isToken(String text, int from, int to) {
        return from < to && text.substring(from, to).chars().allMatch(MediaTypes::isTokenCharacter);
    }

    /** RFC 9110 §5.6.2. */
    private static boolean isTokenCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static String ofExtension(String extension) {
        return switch (extension) {
            case "html", "htm" -> HTML;
            case "css" -> "text/css; charset=utf-8";
            case "js", "mjs" -> "text/javascript; charset=utf-8";
            case "txt", "log" -> TEXT;
            case "md" -> "text/markdown; charset=utf-8";
            case "csv" -> "text/csv; charset=utf-8";
            case "json", "map" -> JSON;
            case "webmanifest" -> "application/manifest+json";
            case "xml" -> "application/xml";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "webp" -> "image/webp";
            case "avif" -> "image/avif";
            case "ico" -> "image/x-icon";
            case "woff2" -> "font/woff2";
            case "woff" -> "font/woff";
            case "ttf" -> "font/ttf";
            case "otf" -> "font/otf";
            case "mp3" -> "audio/mpeg";
            case "ogg" -> "audio/ogg";
            case "wav" -> "audio/wav";
            case "mp4" -> "video/mp4";
            case "webm" -> "video/webm";
            case "pdf" -> "application/pdf";
            case "wasm" -> "application/wasm";
            case "zip" -> "application/zip";
            case "gz" -> "application/gzip";
            default -> UNKNOWN;
        };
    }
}
