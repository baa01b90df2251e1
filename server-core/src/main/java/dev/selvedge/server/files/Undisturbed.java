package dev.selvedge.server.files;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Does something on a virtual thread that nobody interrupts. The JDK reads all of a zip file, even what an entry's
 * attributes are, through one channel, which an interrupt of a thread that reads closes for good; and a handler's
 * thread is interrupted when its client goes away. So one client could take a whole site away.
 */
final class Undisturbed {

    private Undisturbed() { }

    /** Waits for the end even if this thread is interrupted, which it stays. */
    static <T> T call(Callable<T> action) throws IOException {
        FutureTask<T> task = new FutureTask<>(action);
        Thread.ofVirtual().name("selvedge-archive").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IOException(e.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
