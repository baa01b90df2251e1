package dev.selvedge.server;

import java.util.Locale;
import java.util.Optional;

/** What a Content-Type says (RFC 9110 §8.3). */
final class MediaType {

    static final String TEXT = "text/plain; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";
    static final String JSON = "application/json";

    private MediaType() { }

    /** Returns the type and the subtype in lower case; empty if that is not what the value begins with. */
    static Optional<String> withoutParameters(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        int slash = type.indexOf('/');
        return isToken(type, 0, slash) && isToken(type, slash + 1, type.length())
                ? Optional.of(type.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static boolean isToken(String text, int from, int to) {
        return from < to && text.substring(from, to).chars().allMatch(MediaType::isTokenCharacter);
    }

    /** RFC 9110 §5.6.2. */
    private static boolean isTokenCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
