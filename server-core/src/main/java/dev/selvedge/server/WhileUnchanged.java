package dev.selvedge.server;

import dev.selvedge.server.http1.Content;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/**
 * What a file was when a response was made of it, and what answers if it is another one by now.
 *
 * @param version what it was
 * @param otherwise makes the other response
 */
record WhileUnchanged(FileVersion version, Callable<Response> otherwise) implements Content.Expectation {

    @Override
    public boolean isMet(long size, FileTime lastModified, FileTime changed, long inode) {
        return version.isStill(size, lastModified, changed, inode);
    }

    /** Returns the same expectation, with something done to the other response, too. */
    WhileUnchanged with(UnaryOperator<Response> change) {
        return new WhileUnchanged(version, () -> {
            Response other = otherwise.call();
            return other == null ? null : change.apply(other);
        });
    }
}
