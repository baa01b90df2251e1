package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import java.util.Arrays;
import java.util.Set;

/**
 * Chooses a content coding by Accept-Encoding (RFC 9110 §12.5.3).
 *
 * <p>The coding with the greatest weight is chosen, identity too if it has a weight of its own or by {@code *}; among
 * equals the first of {@link Coding}, and a coding rather than identity. The standard lets a server do as it likes
 * where a request says nothing, or nothing that fits; then it is identity:
 *
 * <ul>
 *   <li>there is no such field: any coding would do, but clients that never heard of codings send none;
 *   <li>the field is malformed (then all its lines count for nothing);
 *   <li>nothing that is available is acceptable, also if identity is refused: a client that gets what it can't use is
 *       no worse off than with a 406, and most can use it.
 * </ul>
 *
 * <p>A coding that is named twice has the smaller of both weights, so that who refuses it once does not get it.
 */
final class AcceptEncoding {

    private static final String FIELD = "Accept-Encoding";

    private static final Coding[] CODINGS = Coding.values();

    /** Where weights are kept: one for each coding, and behind them those of identity and of all the others. */
    private static final int IDENTITY = CODINGS.length;
    private static final int OTHERS = IDENTITY + 1;
    private static final int UNKNOWN = OTHERS + 1;

    /** Greater than every weight, which is up to 1000, so that the smaller of two is the one that was said. */
    private static final int UNSAID = 1001;

    private final int[] weights = new int[UNKNOWN + 1];
    private String line;
    private int at;

    private AcceptEncoding() {
        Arrays.fill(weights, UNSAID);
    }

    /**
     * Returns the coding to send.
     *
     * @param headers of the request
     * @param available the codings that there are beside identity
     * @return one of the available ones, or null for identity
     */
    static Coding choose(Headers headers, Set<Coding> available) {
        if (available.isEmpty()) {
            return null;
        }
        AcceptEncoding accepted = new AcceptEncoding();
        for (String line : headers.all(FIELD)) {
            if (!accepted.read(line)) {
                return null;
            }
        }
        return accepted.best(available);
    }

    private Coding best(Set<Coding> available) {
        Coding best = null;
        int greatest = Math.max(1, weight(IDENTITY));
        for (Coding coding : CODINGS) {
            int weight = weight(coding.ordinal());
            if (available.contains(coding) && (best == null ? weight >= greatest : weight > greatest)) {
                best = coding;
                greatest = weight;
            }
        }
        return best;
    }

    /** Returns a weight from 0 to 1000; 0 also where nothing was said. */
    private int weight(int index) {
        int weight = weights[index] == UNSAID ? weights[OTHERS] : weights[index];
        return weight == UNSAID ? 0 : weight;
    }

    /** Takes a line, {@code #( codings [ weight ] )}, and returns whether it is well-formed. */
    private boolean read(String value) {
        line = value;
        at = 0;
        while (true) {
            while (skipWhiteSpace() == ',') {
                at++;
            }
            if (at == line.length()) {
                return true;
            }
            int from = at;
            while (isTokenCharacter(next())) {
                at++;
            }
            int named = index(from, at);
            int weight = from == at ? -1 : readWeight();
            if (weight < 0 || skipWhiteSpace() != ',' && at < line.length()) {
                return false;
            }
            weights[named] = Math.min(weights[named], weight);
        }
    }

    private int index(int from, int to) {
        for (Coding coding : CODINGS) {
            if (is(coding.token(), from, to)) {
                return coding.ordinal();
            }
        }
        return is("*", from, to) ? OTHERS : is("identity", from, to) ? IDENTITY
                : is("x-gzip", from, to) ? Coding.GZIP.ordinal() : UNKNOWN;     // RFC 9110 §8.4.1.3
    }

    private boolean is(String token, int from, int to) {
        return token.length() == to - from && line.regionMatches(true, from, token, 0, to - from);
    }

    /** Reads {@code [ OWS ";" OWS "q=" qvalue ]} (RFC 9110 §12.4.2): thousandths, 1000 if absent, -1 if wrong. */
    private int readWeight() {
        if (skipWhiteSpace() != ';') {
            return 1000;
        }
        at++;
        skipWhiteSpace();
        if (!line.regionMatches(true, at, "q=", 0, 2)) {
            return -1;
        }
        at += 2;
        int weight = next() - '0';
        if (weight != 0 && weight != 1) {
            return -1;
        }
        at++;
        boolean fraction = next() == '.';
        if (fraction) {
            at++;
        }
        for (int place = 0; place < 3; place++) {
            int digit = fraction && next() >= '0' && next() <= '9' ? line.charAt(at++) - '0' : 0;
            weight = 10 * weight + digit;
        }
        return weight <= 1000 ? weight : -1;    // a fourth digit is no separator, which is noticed behind
    }

    /** Returns the character behind white space, or NUL at the end; a value has no NUL. */
    private char skipWhiteSpace() {
        while (next() == ' ' || next() == '\t') {
            at++;
        }
        return next();
    }

    private char next() {
        return at < line.length() ? line.charAt(at) : 0;
    }

    /** RFC 9110 §5.6.2. */
    private static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
