package dev.selvedge.jmh.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One server in a process of its own, so that its processor time can be told from everybody else's. */
final class ServerProcess implements AutoCloseable {

    static final String READY = "ready ";

    /** The same for all: one processor, and with it the serial collector; Netty needs the two permissions. */
    private static final List<String> JVM_FLAGS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC",
            "-XX:ActiveProcessorCount=1", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false");

    private final Process process;
    private final BufferedReader output;
    private final int port;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        this.output = process.inputReader();
        this.port = awaitPort();
    }

    /** Starts a server and waits until it accepts connections. */
    static ServerProcess start(Contestant contestant, Processors processors) throws IOException {
        List<String> command = new ArrayList<>(processors.prefixForServers());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), contestant.main().getName()));
        command.addAll(contestant.arguments());
        return new ServerProcess(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    private int awaitPort() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return Integer.parseInt(line.substring(READY.length()).strip());
            }
        }
        throw new IOException("the server has ended before it was ready: " + process.info().commandLine().orElse(""));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns the processor time, of the program and of the kernel for it, that the process has used so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not tell a process's processor time"));
    }

    /** Ends the server. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
