package dev.selvedge.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the server logs, kept from the console until this is closed. */
final class CollectedLogs implements AutoCloseable {

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("dev.selvedge.server");
    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord log) {
            records.add(log);
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    };

    CollectedLogs() {
        logger.setUseParentHandlers(false);
        logger.addHandler(collector);
    }

    List<LogRecord> records() {
        return records;
    }

    @Override
    public void close() {
        logger.removeHandler(collector);
        logger.setUseParentHandlers(true);
    }
}
