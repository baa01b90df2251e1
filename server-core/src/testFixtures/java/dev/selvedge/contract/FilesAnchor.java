package dev.selvedge.contract;

/** A class that is packed with files, so that they can be found by it. */
public final class FilesAnchor {

    private FilesAnchor() { }
}
