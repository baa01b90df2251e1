package dev.selvedge.server.http1;

/**
 * Checks chunk extensions octet by octet; nothing of them is kept (RFC 9112 §7.1.1).
 *
 * <pre>
 *   chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
 *
 *   SIZE ─';'─&gt; NAME_START ─token─&gt; NAME ─'='─&gt; VALUE_START ─token─&gt; VALUE ─';'─&gt; NAME_START
 *                                                     └─'"'─&gt; QUOTED ─'"'─&gt; QUOTED_END ─';'─&gt; NAME_START
 *                                                              ^  └─'\'─&gt; ESCAPED ─┐
 *                                                              └───────────────────┘
 * </pre>
 *
 * <p>White space may stand before and behind {@code ;} and {@code =}, but not at the end.
 */
final class ChunkExtensions {

    private enum Phase {
        /** Behind the size. */
        SIZE,
        /** Behind white space that a semicolon must follow. */
        BEFORE_SEMICOLON,
        NAME_START, NAME,
        /** Behind a name and white space. */
        BEFORE_EQUALS,
        VALUE_START, VALUE, QUOTED, ESCAPED, QUOTED_END,
        /** The grammar is broken. */
        BROKEN
    }

    private Phase phase = Phase.SIZE;

    /** Begins with another chunk, behind its size. */
    void begin() {
        phase = Phase.SIZE;
    }

    /** Returns whether the line may end here. */
    boolean mayEnd() {
        return phase == Phase.SIZE || phase == Phase.NAME || phase == Phase.VALUE || phase == Phase.QUOTED_END;
    }

    /** Takes an octet and returns whether it may stand here. */
    boolean take(byte octet) {
        boolean white = Octets.isWhite(octet);
        boolean token = Octets.isToken(octet);
        phase = switch (phase) {
            case SIZE, BEFORE_SEMICOLON, QUOTED_END -> octet == ';' ? Phase.NAME_START
                    : white ? Phase.BEFORE_SEMICOLON : Phase.BROKEN;
            case NAME_START -> token ? Phase.NAME : white ? phase : Phase.BROKEN;
            case NAME, BEFORE_EQUALS -> octet == '=' ? Phase.VALUE_START : octet == ';' ? Phase.NAME_START
                    : white ? Phase.BEFORE_EQUALS : token && phase == Phase.NAME ? phase : Phase.BROKEN;
            case VALUE_START -> token ? Phase.VALUE : octet == '"' ? Phase.QUOTED : white ? phase : Phase.BROKEN;
            case VALUE -> token ? phase : octet == ';' ? Phase.NAME_START
                    : white ? Phase.BEFORE_SEMICOLON : Phase.BROKEN;
            case QUOTED -> octet == '"' ? Phase.QUOTED_END : octet == '\\' ? Phase.ESCAPED
                    : Octets.isFieldContent(octet) ? phase : Phase.BROKEN;
            case ESCAPED -> Octets.isFieldContent(octet) ? Phase.QUOTED : Phase.BROKEN;
            case BROKEN -> phase;
        };
        return phase != Phase.BROKEN;
    }
}
