package dev.selvedge.server.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * What the engine has to say to whoever operates the server: rarely anything.
 *
 * <p>The logger is fetched when it is first needed, because that alone costs more than the rest of the start.
 */
final class Log {

    private Log() { }

    private static Logger logger() {
        return System.getLogger("dev.selvedge.server");
    }

    static void error(String message, Throwable cause) {
        logger().log(Level.ERROR, message, cause);
    }

    static void warning(String message) {
        logger().log(Level.WARNING, message);
    }
}
