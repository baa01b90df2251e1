package dev.selvedge.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many files, and so connections, this process may have open. */
final class OpenFiles {

    /** Linux tells it here; the JVM has raised the soft limit to the hard one by then. */
    private static final Path PROCESS_LIMITS = Path.of("/proc/self/limits");

    private static final String LIMIT_LINE = "Max open files";

    /** Where the system does not tell: most systems allow this much. */
    private static final int UNKNOWN = 10_000;

    private OpenFiles() { }

    /** Returns the default for {@link Limits#maxConnections()}. */
    static int maxConnections() {
        try {
            return maxConnections(Files.readAllLines(PROCESS_LIMITS));
        } catch (IOException | SecurityException e) {
            return UNKNOWN;   // not Linux, or no /proc
        }
    }

    /**
     * Finds the soft limit in a line like {@code Max open files   1024   524288   files} and leaves a reserve for class
     * files, logs, files to be sent and whatever else the program opens.
     */
    static int maxConnections(List<String> processLimits) {
        for (String line : processLimits) {
            if (line.startsWith(LIMIT_LINE)) {
                String soft = line.substring(LIMIT_LINE.length()).strip().split(" ", 2)[0];
                return soft.equals("unlimited") ? 1_000_000 : withoutReserve(soft);
            }
        }
        return UNKNOWN;
    }

    private static int withoutReserve(String softLimit) {
        try {
            long limit = Long.parseLong(softLimit);
            long reserve = Math.min(1_000, 64 + limit / 16);
            return Math.clamp(limit - reserve, 16, 1_000_000);
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
    }
}
