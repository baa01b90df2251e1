package dev.selvedge.jmh.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which processors the servers and the clients get: where there are several and taskset(1) is installed, the servers
 * get the first one and the clients the others, so that neither takes time or caches from the other.
 *
 * @param prefixForServers what stands before the command of a server; empty if nothing is bound
 */
record Processors(List<String> prefixForServers) {

    /** Binds this process, which is the clients'. */
    static Processors bind() throws IOException {
        int number = Runtime.getRuntime().availableProcessors();
        Path taskset = Path.of("/usr/bin/taskset");
        if (number < 2 || !Files.isExecutable(taskset)) {
            return new Processors(List.of());
        }
        String self = Long.toString(ProcessHandle.current().pid());
        Process bound = new ProcessBuilder(taskset.toString(), "-a", "-c", "-p", "1-" + (number - 1), self)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        boolean works = bound.onExit().join().exitValue() == 0;
        return new Processors(works ? List.of(taskset.toString(), "-c", "0") : List.of());
    }

    String describe() {
        return prefixForServers.isEmpty() ? "not bound to processors"
                : "each server bound to processor 0, the clients to the others";
    }
}
