package dev.selvedge.server.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * How a file system takes a name for another: in no way, or by ignoring the case, the normal form of Unicode, dots and
 * spaces at the end, or by short names. Only the name that the directory has is served, so that there is one URL for
 * everything and what goes by name (the media type, what is hidden, how long it is kept) can't be evaded.
 */
enum NameRule {

    /** Names are octets: the usual case on Linux. */
    EXACT {
        @Override
        boolean isNameOf(Path file, String name) {
            return true;
        }
    },

    /** Names are found in another form, and the file system tells the right one: macOS, Windows. */
    REAL_NAME {
        @Override
        boolean isNameOf(Path file, String name) throws IOException {
            return file.toRealPath(LinkOption.NOFOLLOW_LINKS).getFileName().toString().equals(name);
        }
    },

    /** Names are found in another form, and only the directory tells the right one: VFAT or folded ext4 on Linux. */
    LISTED {
        @Override
        boolean isNameOf(Path file, String name) throws IOException {
            Path fileName = file.getFileName();
            try (DirectoryStream<Path> same = Files.newDirectoryStream(file.getParent(),
                    entry -> entry.getFileName().equals(fileName))) {
                return same.iterator().hasNext();
            }
        }
    };

    /** What Windows takes for devices, in every directory and with every extension. */
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
            "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³");

    private static final String NOT_IN_WINDOWS = "<>:\"|?*";

    private static final int ENTRIES_TRIED_MAX = 64;

    /** Returns whether a file that was found by a name has exactly that one. */
    abstract boolean isNameOf(Path file, String name) throws IOException;

    /** Returns the rule of a directory. Directories below, on other file systems, are taken to have the same. */
    static NameRule of(Path directory) throws IOException {
        boolean linux = directory.getFileSystem() == FileSystems.getDefault()
                && System.getProperty("os.name").equals("Linux");
        if (!linux) {
            return REAL_NAME;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            int tried = 0;
            for (Path entry : entries) {
                Path other = entry.resolveSibling(otherCase(entry.getFileName().toString()));
                if (!other.equals(entry) && Files.exists(other) && Files.isSameFile(entry, other)) {
                    return LISTED;
                }
                if (++tried == ENTRIES_TRIED_MAX) {
                    break;
                }
            }
        } catch (AccessDeniedException e) {
            return EXACT;       // a directory whose files may be read, but not their names
        }
        return EXACT;
    }

    private static String otherCase(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals(name) ? name.toLowerCase(Locale.ROOT) : upper;
    }

    /**
     * Returns a file in a directory by its name.
     *
     * @return null if the directory's file system can't have the name, or takes it for something else
     */
    static Path child(Path directory, String name) {
        if (directory.getFileSystem().getSeparator().equals("\\") && isSpecialInWindows(name)) {
            return null;
        }
        try {
            Path child = directory.resolve(name);
            boolean isOne = child.getNameCount() == directory.getNameCount() + 1
                    && child.getFileName().toString().equals(name) && child.startsWith(directory);
            return isOne ? child : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isSpecialInWindows(String name) {
        if (name.endsWith(".") || name.endsWith(" ")) {
            return true;
        }
        for (int i = 0; i < name.length(); i++) {
            if (NOT_IN_WINDOWS.indexOf(name.charAt(i)) >= 0) {
                return true;
            }
        }
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
        return DEVICES.contains(stem.toUpperCase(Locale.ROOT));
    }
}
