package dev.selvedge.server.files;

import java.util.List;

/**
 * Says which Cache-Control a file gets (RFC 9111 §5.2). The first rule that fits decides.
 *
 * <p>Without a rule it is {@code no-cache}: whoever keeps a copy asks before each use, which costs a 304 with the
 * validators that every file has. No field at all would be worse: caches would then guess for how long a copy is good
 * (RFC 9111 §4.2.2), and a page would be seen with the style sheet of yesterday.
 *
 * <p>A pattern that begins with a slash is compared with the whole path of a file within the root ({@code
 * /assets/app.js}), one without any slash with the file's name. {@code ?} stands for one character but the slash,
 * {@code *} for any number of them, and {@code **} between slashes for any number of directories, also none; at the end
 * it stands for everything below.
 */
final class CacheRules {

    /** To be asked for before each use. */
    static final String REVALIDATE = "no-cache";

    /** Never changes under this name, so a copy is good for as long as anybody keeps one (RFC 8246). */
    static final String IMMUTABLE = "public, max-age=31536000, immutable";

    /** No rule but the default. */
    static final CacheRules DEFAULT = new CacheRules(List.of());

    private final List<Rule> rules;

    private CacheRules(List<Rule> rules) {
        this.rules = rules;
    }

    private record Rule(String pattern, String value) { }

    /**
     * Returns these rules with a further one behind them.
     *
     * @param pattern as above
     * @param value the value of Cache-Control; empty for no such field
     * @throws IllegalArgumentException if the pattern is malformed, or the value can't be a header value; the message
     *     says what is wrong
     */
    CacheRules with(String pattern, String value) {
        return this;
    }

    /**
     * Returns these rules with a further one behind them: files that fit a pattern and have the hash of their content in
     * their name, as bundlers write it, are {@link #IMMUTABLE}. See {@link HashedName}.
     *
     * @param pattern as above
     * @throws IllegalArgumentException if the pattern is malformed
     */
    CacheRules withHashedNames(String pattern) {
        return this;
    }

    /**
     * Returns the value of Cache-Control for a file.
     *
     * @param path the file's path within the root, decoded, with slashes, beginning with one
     * @return the value; empty if the response should have no such field
     */
    String valueFor(String path) {
        return REVALIDATE;
    }
}
