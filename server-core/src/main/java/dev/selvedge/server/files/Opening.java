package dev.selvedge.server.files;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How a file is opened, so that no link is followed that was put in its way since it was looked up. */
sealed interface Opening {

    /** By its path, wherever that leads. */
    record Following() implements Opening { }

    /** By its path, if that is no link. */
    record NotFollowing() implements Opening { }

    /**
     * From directory to directory.
     *
     * @param top the root
     */
    record Walking(Path top) implements Opening { }

    /**
     * Opens a file.
     *
     * @throws NoSuchFileException if there is none any more, or a link in its place
     */
    default SeekableByteChannel open(Path file) throws IOException {
        try {
            return switch (this) {
                case Following _ -> Files.newByteChannel(file);
                case NotFollowing _ -> Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                case Walking(Path top) -> OpenWalk.open(top, file);
            };
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new NoSuchFileException(file.toString(), null, e.getMessage());   // how the JDK tells of a link
        }
    }
}
