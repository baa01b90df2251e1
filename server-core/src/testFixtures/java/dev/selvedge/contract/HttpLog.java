package dev.selvedge.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Catches what servers log while it is open, instead of letting it be printed. */
public final class HttpLog implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Logger logger = Logger.getLogger("dev.selvedge.server");
    private final boolean hadParent = logger.getUseParentHandlers();
    private final List<LogRecord> records = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            synchronized (records) {
                records.add(entry);
                records.notifyAll();
            }
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    };

    /** Begins to catch. */
    public HttpLog() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Returns what was logged so far. */
    public List<LogRecord> records() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    /** Returns the messages of a level that were logged so far. */
    public List<String> messages(Level level) {
        return records().stream().filter(entry -> entry.getLevel().equals(level)).map(LogRecord::getMessage).toList();
    }

    /** Waits for a message of a level that contains a text, and returns its record. */
    public LogRecord await(Level level, String part) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        synchronized (records) {
            for (;;) {
                for (LogRecord entry : records) {
                    if (entry.getLevel().equals(level) && entry.getMessage().contains(part)) {
                        return entry;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("nothing was logged with: " + part + "; but " + messages(level));
                }
                records.wait(left);
            }
        }
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(hadParent);
    }
}
