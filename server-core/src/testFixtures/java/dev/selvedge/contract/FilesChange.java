package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What may happen to a file that is served. */
enum FilesChange {

    /** Another is renamed to its name, as careful writers do. */
    REPLACED {
        @Override
        byte[] apply(Path file) throws IOException {
            return replace(file, Files.size(file) + 5);
        }
    },

    /** Another of the same size and time is renamed to its name. */
    REPLACED_ALIKE {
        @Override
        byte[] apply(Path file) throws IOException {
            FileTime time = Files.getLastModifiedTime(file);
            byte[] content = replace(file, Files.size(file));
            Files.setLastModifiedTime(file, time);
            return content;
        }
    },

    /** Something is appended, as to a log. */
    GROWN {
        @Override
        byte[] apply(Path file) throws IOException {
            Files.write(file, random(9, 70_000), StandardOpenOption.APPEND);
            return Files.readAllBytes(file);
        }
    },

    /** A part of it is cut off. */
    SHRUNK {
        @Override
        byte[] apply(Path file) throws IOException {
            return truncate(file, Files.size(file) - 100);
        }
    },

    /** All but a few octets are cut off. */
    SHRUNK_TO_LITTLE {
        @Override
        byte[] apply(Path file) throws IOException {
            return truncate(file, 10);
        }
    },

    /** It is emptied, as by the start of a careless writer. */
    EMPTIED {
        @Override
        byte[] apply(Path file) throws IOException {
            return truncate(file, 0);
        }
    },

    /** Other octets of the same number are written to it. */
    REWRITTEN {
        @Override
        byte[] apply(Path file) throws IOException {
            return rewrite(file);
        }
    },

    /** Likewise, and then its time is set to what it was: {@code touch -r}. */
    REWRITTEN_ALIKE {
        @Override
        byte[] apply(Path file) throws IOException {
            FileTime time = Files.getLastModifiedTime(file);
            byte[] content = rewrite(file);
            Files.setLastModifiedTime(file, time);
            return content;
        }
    },

    /** It is gone. */
    DELETED {
        @Override
        byte[] apply(Path file) throws IOException {
            Files.delete(file);
            return null;
        }
    },

    /** The directory is gone, and a file is there in its place. */
    DELETED_WITH_DIRECTORY {
        @Override
        byte[] apply(Path file) throws IOException {
            Files.delete(file);
            Files.delete(file.getParent());
            Files.createFile(file.getParent());
            return null;
        }
    },

    /** A directory is in its place. */
    DIRECTORY {
        @Override
        byte[] apply(Path file) throws IOException {
            Files.delete(file);
            Files.createDirectory(file);
            return null;
        }
    },

    /** A FIFO that nobody writes to is in its place. */
    FIFO {
        @Override
        byte[] apply(Path file) throws IOException {
            Files.delete(file);
            makeFifo(file);
            return null;
        }
    },

    /** A link to a file of the same size and time, which must not be served, is in its place. */
    LINK_OUTSIDE {
        @Override
        byte[] apply(Path file) throws IOException {
            Path other = outside(file);
            Files.delete(file);
            Files.createSymbolicLink(file, other);
            return null;
        }
    },

    /** A link to a device is in its place. */
    LINK_TO_DEVICE {
        @Override
        byte[] apply(Path file) throws IOException {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
            return null;
        }
    },

    /** A link to a file that may be served is in its place. */
    LINK_INSIDE {
        @Override
        byte[] apply(Path file) throws IOException {
            byte[] content = random(7, (int) Files.size(file));
            Path other = Files.write(file.resolveSibling("other.bin"), content);
            Files.delete(file);
            Files.createSymbolicLink(file, other.getFileName());
            return content;
        }
    },

    /** Its directory is a link to another, which has a file of that name that must not be served. */
    DIRECTORY_IS_LINK_OUTSIDE {
        @Override
        byte[] apply(Path file) throws IOException {
            Path other = outside(file);
            Files.delete(file);
            Files.delete(file.getParent());
            Files.createSymbolicLink(file.getParent(), other.getParent());
            return null;
        }
    };

    /** What is at the beginning of every file outside, and nowhere else. */
    static final String SECRET = "SECRET";

    /**
     * Does it.
     *
     * @param file a file that is alone in a directory in the directory that is served
     * @return what may be served under its name then, or null if nothing may
     */
    abstract byte[] apply(Path file) throws IOException;

    /** Whether who has the file open still has all octets of it. */
    boolean keepsOctets() {
        return switch (this) {
            case SHRUNK, SHRUNK_TO_LITTLE, EMPTIED, REWRITTEN, REWRITTEN_ALIKE -> false;
            default -> true;
        };
    }

    boolean cutsOff() {
        return switch (this) {
            case SHRUNK, SHRUNK_TO_LITTLE, EMPTIED -> true;
            default -> false;
        };
    }

    static byte[] random(long seed, int size) {
        return HttpFilesSuite.random(seed, size);
    }

    private static byte[] replace(Path file, long size) throws IOException {
        byte[] content = random(8, Math.toIntExact(size));
        Path other = Files.write(file.resolveSibling("new"), content);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        return content;
    }

    private static byte[] truncate(Path file, long size) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
        }
        return Files.readAllBytes(file);
    }

    private static byte[] rewrite(Path file) throws IOException {
        byte[] content = random(6, Math.toIntExact(Files.size(file)));
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(content);
        }
        return content;
    }

    private static Path outside(Path file) throws IOException {
        byte[] secret = random(5, Math.toIntExact(Files.size(file)));
        byte[] start = HttpSuite.latin1(SECRET);
        System.arraycopy(start, 0, secret, 0, Math.min(start.length, secret.length));
        Path directory = Files.createTempDirectory(file.getParent().getParent().getParent(), "outside");
        Path other = Files.write(directory.resolve(file.getFileName()), secret);
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        return other;
    }

    static void makeFifo(Path path) throws IOException {
        Process process = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        try {
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        assertEquals(0, process.exitValue());
    }

    static void removeLinks(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }
}
