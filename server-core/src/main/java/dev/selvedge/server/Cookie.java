package dev.selvedge.server;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A cookie that a response sets (RFC 6265). Immutable: each {@code with…} method returns another cookie.
 *
 * <p>A cookie begins with careful choices: it is for the whole site ({@code Path=/}), out of the reach of scripts
 * ({@code HttpOnly}), not sent along with other sites' requests ({@code SameSite=Lax}), for this host only, and it
 * ends with the browser's session. It is not {@code Secure}, because browsers drop such a cookie if it comes over
 * plain http: a site that is reached by https, for example through a proxy, should call
 * {@link #withSecure withSecure(true)}.
 */
public final class Cookie {

    /** Whether a browser sends a cookie with requests that another site has caused. */
    public enum SameSite {
        /** Never. */
        STRICT("Strict"),
        /** Only when the user follows a link. */
        LAX("Lax"),
        /** Always; such a cookie must be {@link Cookie#withSecure secure}. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    private static final String SEPARATORS = "()<>@,;:\\\"/[]?={} \t";

    private final String name;
    private final String value;
    private final String path;
    private final String domain;
    private final Duration maxAge;
    private final boolean secure;
    private final boolean httpOnly;
    private final SameSite sameSite;

    private Cookie(String name, String value, String path, String domain, Duration maxAge, boolean secure,
            boolean httpOnly, SameSite sameSite) {
        this.name = name;
        this.value = value;
        this.path = path;
        this.domain = domain;
        this.maxAge = maxAge;
        this.secure = secure;
        this.httpOnly = httpOnly;
        this.sameSite = sameSite;
    }

    /**
     * Returns a cookie with the careful choices.
     *
     * @param name a token (RFC 6265 §4.1.1)
     * @param value visible ASCII characters without quotation mark, comma, semicolon and backslash, or nothing; encode
     *     other text, for example with {@link java.net.URLEncoder} or {@link java.util.Base64}
     * @return the cookie
     * @throws IllegalArgumentException if the name or value has another character; the message says which and where
     */
    public static Cookie of(String name, String value) {
        return new Cookie(requireName(name), requireValue(value), "/", null, null, false, true, SameSite.LAX);
    }

    /**
     * Returns a cookie that makes the browser forget the one with that name, if its path and domain are the same.
     *
     * @param name a token
     * @return the cookie, with an empty value and a maximal age of 0
     * @throws IllegalArgumentException if the name has a forbidden character
     */
    public static Cookie expired(String name) {
        return of(name, "").withMaxAge(Duration.ZERO);
    }

    /**
     * Returns this cookie with another value.
     *
     * @param value as for {@link #of}
     * @return the new cookie
     * @throws IllegalArgumentException as for {@link #of}
     */
    public Cookie withValue(String value) {
        return new Cookie(name, requireValue(value), path, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns this cookie for the paths below another one.
     *
     * @param path begins with a slash, without semicolon and without characters beyond visible ASCII
     * @return the new cookie
     * @throws IllegalArgumentException if the path is something else
     */
    public Cookie withPath(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path of a cookie begins with a slash, not as in \"" + path + "\"");
        }
        return new Cookie(name, value, requireAttribute("path", path), domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns this cookie for a domain and all hosts below it, instead of for this host only.
     *
     * @param domain such as {@code example.org}
     * @return the new cookie
     * @throws IllegalArgumentException if the domain is empty, or has a semicolon, a space or a character beyond
     *     visible ASCII
     */
    public Cookie withDomain(String domain) {
        if (domain.isEmpty()) {
            throw new IllegalArgumentException("the domain of a cookie is empty");
        }
        return new Cookie(name, value, path, requireAttribute("domain", domain), maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns this cookie with a life of its own, instead of that of the browser's session.
     *
     * @param maxAge how long, in whole seconds; zero ends it at once
     * @return the new cookie
     * @throws IllegalArgumentException if the duration is negative
     */
    public Cookie withMaxAge(Duration maxAge) {
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("the age " + maxAge + " is negative; zero ends a cookie at once");
        }
        return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns this cookie for https only, or not.
     *
     * @param secure whether the browser keeps it to https
     * @return the new cookie
     */
    public Cookie withSecure(boolean secure) {
        return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns this cookie out of the reach of scripts, or within it.
     *
     * @param httpOnly whether scripts can't see it
     * @return the new cookie
     */
    public Cookie withHttpOnly(boolean httpOnly) {
        return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns this cookie with another rule for requests that other sites cause.
     *
     * @param sameSite the rule
     * @return the new cookie
     */
    public Cookie withSameSite(SameSite sameSite) {
        Objects.requireNonNull(sameSite, "sameSite");
        return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
    }

    /**
     * Returns the name.
     *
     * @return a token
     */
    public String name() {
        return name;
    }

    /**
     * Returns the value.
     *
     * @return the value, which may be empty
     */
    public String value() {
        return value;
    }

    /**
     * Returns the path below which the browser sends it.
     *
     * @return the path
     */
    public String path() {
        return path;
    }

    /**
     * Returns the domain below which the browser sends it.
     *
     * @return the domain; empty for the host that has set it
     */
    public Optional<String> domain() {
        return Optional.ofNullable(domain);
    }

    /**
     * Returns how long the browser keeps it.
     *
     * @return the age; empty for the browser's session
     */
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    /**
     * Returns whether the browser keeps it to https.
     *
     * @return true for https only
     */
    public boolean secure() {
        return secure;
    }

    /**
     * Returns whether scripts can't see it.
     *
     * @return true if they can't
     */
    public boolean httpOnly() {
        return httpOnly;
    }

    /**
     * Returns the rule for requests that other sites cause.
     *
     * @return the rule
     */
    public SameSite sameSite() {
        return sameSite;
    }

    /**
     * Returns the value of the Set-Cookie line.
     *
     * @throws IllegalStateException if browsers would drop a cookie with this combination of attributes
     */
    String toSetCookie() {
        requireConsistent();
        StringBuilder line = new StringBuilder(96).append(name).append('=').append(value);
        line.append("; Path=").append(path);
        if (domain != null) {
            line.append("; Domain=").append(domain);
        }
        if (maxAge != null) {
            line.append("; Max-Age=").append(maxAge.toSeconds());
        }
        if (secure) {
            line.append("; Secure");
        }
        if (httpOnly) {
            line.append("; HttpOnly");
        }
        return line.append("; SameSite=").append(sameSite.text).toString();
    }

    private void requireConsistent() {
        String lower = name.toLowerCase(Locale.ROOT);
        if (sameSite == SameSite.NONE && !secure) {
            throw new IllegalStateException("browsers drop the cookie " + name
                    + ": with SameSite=None it must be secure; call withSecure(true)");
        }
        if ((lower.startsWith("__secure-") || lower.startsWith("__host-")) && !secure) {
            throw new IllegalStateException("browsers drop the cookie " + name
                    + ": with that prefix it must be secure; call withSecure(true)");
        }
        if (lower.startsWith("__host-") && (domain != null || !path.equals("/"))) {
            throw new IllegalStateException("browsers drop the cookie " + name
                    + ": with that prefix it must have the path / and no domain");
        }
    }

    private static String requireName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a cookie is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7F || SEPARATORS.indexOf(c) >= 0) {
                throw forbidden("name", name, i);
            }
        }
        return name;
    }

    private static String requireValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '"' || c == ',' || c == ';' || c == '\\') {
                throw forbidden("value", value, i);
            }
        }
        return value;
    }

    private static String requireAttribute(String attribute, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == ';') {
                throw forbidden(attribute, value, i);
            }
        }
        return value;
    }

    private static IllegalArgumentException forbidden(String what, String text, int index) {
        return new IllegalArgumentException(String.format(
                "the %s of a cookie can't have the character U+%04X (at index %d)%s", what, (int) text.charAt(index),
                index, what.equals("value") ? "; encode it, for example with URLEncoder or Base64" : ""));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cookie that && name.equals(that.name) && value.equals(that.value)
                && path.equals(that.path) && Objects.equals(domain, that.domain) && Objects.equals(maxAge, that.maxAge)
                && secure == that.secure && httpOnly == that.httpOnly && sameSite == that.sameSite;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, value, path, domain, maxAge, secure, httpOnly, sameSite);
    }

    /** Returns the name and the attributes, but not the value, which is often a secret. */
    @Override
    public String toString() {
        return "Cookie[" + name + ", path " + path + (domain == null ? "" : ", domain " + domain)
                + (maxAge == null ? "" : ", max age " + maxAge) + (secure ? ", secure" : "")
                + (httpOnly ? ", http only" : "") + ", same site " + sameSite.text + "]";
    }
}
