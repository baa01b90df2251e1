package dev.selvedge.server.engine;

import java.lang.System.Logger.Level;

/**
 * What the engine has to say to whoever operates the server: rarely anything.
 *
 * <p>Never throws: that a message can't be written, for want of a descriptor or of memory, must not end an event loop.
 *
 * <p>The logger is fetched when it is first needed, because that alone costs more than the rest of the start;
 * or beside it, by {@link Precautions}.
 */
final class Log {

    /** The logger's name. */
    static final String NAME = "dev.selvedge.server";

    private Log() { }

    static void error(String message, Throwable cause) {
        log(Level.ERROR, message, cause);
    }

    static void warning(String message) {
        log(Level.WARNING, message, null);
    }

    private static void log(Level level, String message, Throwable cause) {
        try {
            System.getLogger(NAME).log(level, message, cause);
        } catch (RuntimeException | Error e) {
            try {
                System.err.println(level + ": " + message + (cause == null ? "" : ": " + cause));
            } catch (RuntimeException | Error further) {
                // there is no way left to say it
            }
        }
    }
}
