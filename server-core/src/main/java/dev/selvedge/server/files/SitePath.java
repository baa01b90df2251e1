package dev.selvedge.server.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request as names in a file system: decoded here, once, and never put together to a string again. Names
 * that no file system could have, or that could mean more than one name, are refused whatever the file system is.
 */
sealed interface SitePath {

    /** What Linux, macOS and Windows allow a name to have: octets of UTF-8 here, UTF-16 units there. */
    int NAME_OCTETS_MAX = 255;

    /**
     * Names, each of which is exactly one.
     *
     * @param names the segments of the path; empty for the root
     * @param endsInSlash whether the path ends in a slash, so that only a directory is meant
     */
    record Names(List<String> names, boolean endsInSlash) implements SitePath { }

    /** A path that no file has. */
    record Refused() implements SitePath { }

    /**
     * Decodes a path.
     *
     * @param canonicalPathInMount as {@link dev.selvedge.server.Request#canonicalPathInMount()} returns it
     * @return the names; or {@link Refused} if there is an empty segment but the last, an escaped slash, a backslash, a
     *     control character, a dot segment, a segment that is not UTF-8 or longer than {@value #NAME_OCTETS_MAX} octets
     */
    static SitePath of(String canonicalPathInMount) {
        String path = canonicalPathInMount;
        if (path.isEmpty()) {
            return new Names(List.of(), false);
        }
        if (path.charAt(0) != '/') {
            return new Refused();
        }
        List<String> names = new ArrayList<>();
        for (int from = 1; from < path.length();) {
            int to = path.indexOf('/', from);
            to = to < 0 ? path.length() : to;
            String name = name(path, from, to);
            if (name == null) {
                return new Refused();
            }
            names.add(name);
            from = to + 1;
        }
        return new Names(List.copyOf(names), path.endsWith("/"));
    }

    /** Returns whether a path could be one that an application in a browser knows: of nothing hidden, and of no file. */
    static boolean mayBePage(String canonicalPathInMount) {
        return of(canonicalPathInMount) instanceof Names(List<String> names, boolean _)
                && names.stream().noneMatch(name -> name.startsWith("."))
                && (names.isEmpty() || names.getLast().indexOf('.') < 0);
    }

    /** Returns the decoded name; null if it is none. */
    private static String name(String path, int from, int to) {
        byte[] octets = new byte[to - from];
        int length = 0;
        for (int at = from; at < to; at++) {
            char c = path.charAt(at);
            if (c == '%') {
                int high = at + 2 < to ? Character.digit(path.charAt(at + 1), 16) : -1;
                int low = at + 2 < to ? Character.digit(path.charAt(at + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                c = (char) (high << 4 | low);
                at += 2;
            } else if (c > 0x7F) {
                return null;
            }
            octets[length++] = (byte) c;
        }
        return length == 0 || length > NAME_OCTETS_MAX ? null : checked(utf8(octets, length));
    }

    private static String utf8(byte[] octets, int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, length)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String checked(String name) {
        return name == null || !isName(name) ? null : name;
    }

    /** Returns whether the path of a request can have a name that a directory has. */
    static boolean isName(String name) {
        if (name.equals(".") || name.equals("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                return false;
            }
        }
        return true;
    }
}
