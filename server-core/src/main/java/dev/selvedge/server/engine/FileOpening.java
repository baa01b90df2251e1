package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;

/** What has come of opening the file of an answer. */
sealed interface FileOpening {

    /**
     * It is open and what it should be.
     *
     * @param file on its way from now on: whoever has this closes it
     */
    record Opened(FileTransfer file) implements FileOpening { }

    /** It is not what the answer was made of any more, and the application knows what to answer then. */
    record Changed() implements FileOpening { }

    /**
     * It can't be sent.
     *
     * @param instead what the client is told
     */
    record Failed(Answer instead) implements FileOpening { }

    /**
     * Returns whether opening or reading the file is more than a system call: a file in a zip file, say, is unpacked to
     * be opened. That is nothing for an event loop.
     */
    static boolean takesLong(Content.FileRange range) {
        return range.file().getFileSystem() != FileSystems.getDefault();
    }

    /** Opens the file, and compares it with what is expected of it. */
    static FileOpening of(Shared shared, Content.FileRange range) {
        FileSource source = null;
        try {
            source = shared.transport().open(range.file());
            requireLongEnough(source, range);
            if (range.expectation() == null || isMet(range.expectation(), source.status())) {
                FileTransfer file = new FileTransfer(shared, source, range.position());
                source = null;
                return new Opened(file);
            }
            return new Changed();
        } catch (NoSuchFileException | AccessDeniedException e) {
            return range.expectation() != null ? new Changed() : new Failed(FailedCall.answer(shared, range.file(), e));
        } catch (IOException e) {
            return new Failed(FailedCall.answer(shared, range.file(), e));
        } finally {
            if (source != null) {
                source.close();
            }
        }
    }

    /** A file that is too short by now makes the answer a wrong promise. */
    private static void requireLongEnough(FileSource source, Content.FileRange range) throws NoSuchFileException {
        if (source.size() - range.position() < range.length()) {
            throw new NoSuchFileException(range.file().toString(), null,
                    "it has become too short for the response that was made of it");
        }
    }

    private static boolean isMet(Content.Expectation expectation, FileStatus status) {
        return expectation.isMet(status.size(), status.lastModified(), status.changed(), status.inode());
    }
}
