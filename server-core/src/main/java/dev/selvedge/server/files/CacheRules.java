package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says which Cache-Control a file gets (RFC 9111 §5.2). The first rule that fits decides.
 *
 * <p>Without a rule it is {@code no-cache}: whoever keeps a copy asks before each use, which costs a 304 with the
 * validators that every file has. No field at all would be worse: caches would then guess for how long a copy is good
 * (RFC 9111 §4.2.2), and a page would be seen with the style sheet of yesterday.
 *
 * <p>Files are told by the pattern of their path within the root; see {@link Glob}. Which names have a hash in them, so
 * that a rule may be only for those, says {@link HashedName}.
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

    private record Rule(Glob pattern, boolean onlyHashedNames, String value) {

        boolean fits(String path) {
            return pattern.matches(path)
                    && (!onlyHashedNames || HashedName.is(path.substring(path.lastIndexOf('/') + 1)));
        }
    }

    /**
     * Returns these rules with a further one behind them.
     *
     * @param pattern of the files, as {@link Glob} has it
     * @param value the value of Cache-Control; empty for no such field
     * @throws IllegalArgumentException if the pattern is malformed, or the value can't be a header value; the message
     *     says what is wrong
     */
    CacheRules with(String pattern, String value) {
        Headers.of("Cache-Control", value);     // refuses what no header value may have
        return with(new Rule(Glob.of(pattern), false, value));
    }

    /**
     * Returns these rules with a further one behind them: files that fit a pattern and have the hash of their content
     * in their name, as bundlers write it, are {@link #IMMUTABLE}. Where a bundler puts nothing else into a directory,
     * a plain rule for all of that is surer.
     *
     * @param pattern of the files, as {@link Glob} has it
     * @throws IllegalArgumentException if the pattern is malformed
     */
    CacheRules withHashedNames(String pattern) {
        return with(new Rule(Glob.of(pattern), true, IMMUTABLE));
    }

    private CacheRules with(Rule last) {
        return new CacheRules(Stream.concat(rules.stream(), Stream.of(last)).toList());
    }

    /**
     * Returns the value of Cache-Control for a file.
     *
     * @param path the file's path within the root, decoded, with slashes, beginning with one
     * @return the value; empty if the response should have no such field
     */
    String valueFor(String path) {
        for (Rule rule : rules) {
            if (rule.fits(path)) {
                return rule.value();
            }
        }
        return REVALIDATE;
    }
}
