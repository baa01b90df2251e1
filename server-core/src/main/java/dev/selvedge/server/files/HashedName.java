package dev.selvedge.server.files;

/**
 * Recognizes names of files that have the hash of the file's content in them, such as {@code app.3f9a1c2b.js} and
 * {@code app-5XKJ2QWE.min.css}, so that another content has another name.
 *
 * <p>The hash is a part of at least 8 characters between dots or hyphens, behind the first part and before the last,
 * which is the extension. It is either hexadecimal with a letter and a digit, or of letters, digits and underscores
 * with a capital letter and a digit between two letters. What happens to be a hash of only letters or only digits is
 * not recognized, and costs a question more; a word or a date that was taken for one would be kept for a year.
 */
final class HashedName {

    private static final int MIN_LENGTH = 8;

    private HashedName() { }

    /** Returns whether there is a hash in the name. */
    static boolean is(String fileName) {
        int extension = fileName.lastIndexOf('.');
        int part = nextPart(fileName, 0);
        while (part < extension) {
            int end = nextPart(fileName, part) - 1;
            if (end - part >= MIN_LENGTH && (isHexadecimal(fileName, part, end) || isBase64(fileName, part, end))) {
                return true;
            }
            part = end + 1;
        }
        return false;
    }

    /** Returns the index behind the next separator, or behind where one would be at the end. */
    private static int nextPart(String name, int from) {
        int at = from;
        while (at < name.length() && name.charAt(at) != '.' && name.charAt(at) != '-') {
            at++;
        }
        return at + 1;
    }

    private static boolean isHexadecimal(String name, int from, int to) {
        boolean letter = false;
        boolean digit = false;
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            if (isDigit(c)) {
                digit = true;
            } else if (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
                letter = true;
            } else {
                return false;
            }
        }
        return letter && digit;
    }

    /** Also what base 32 and base 36 look like. */
    private static boolean isBase64(String name, int from, int to) {
        boolean capital = false;
        boolean digitBetweenLetters = false;
        boolean letter = false;
        boolean digitBehindLetter = false;
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            if (isDigit(c)) {
                digitBehindLetter |= letter;
            } else if (isLetter(c)) {
                capital |= c <= 'Z';
                digitBetweenLetters |= digitBehindLetter;
                letter = true;
            } else if (c != '_') {
                return false;
            }
        }
        return capital && digitBetweenLetters;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
