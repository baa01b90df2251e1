package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import java.util.List;
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

    private AcceptEncoding() { }

    /**
     * Returns the coding to send.
     *
     * @param headers of the request
     * @param available the codings that there are beside identity
     * @return one of the available ones, or null for identity
     */
    static Coding choose(Headers headers, Set<Coding> available) {
        return null;
    }
}
