package dev.selvedge.server.files;

/** Recognizes file names that have the hash of the file's content in them. */
final class HashedName {

    private HashedName() { }

    static boolean is(String fileName) {
        return false;
    }
}
