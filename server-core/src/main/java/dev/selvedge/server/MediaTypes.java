package dev.selvedge.server;

import java.nio.file.Path;
import java.util.Locale;

/** The media types of files, by the extension of their names. */
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
