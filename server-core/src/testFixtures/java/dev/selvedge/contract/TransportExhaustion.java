package dev.selvedge.contract;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;

/** A program of its own, with few descriptors: it uses them up and prints what a listener says to that. */
public final class TransportExhaustion {

    private static final int DESCRIPTORS = 64;

    private TransportExhaustion() { }

    /** Starts the program with the transport's classes on its class path. */
    static Process start(Transport transport) throws IOException, URISyntaxException {
        List<String> classPath = new ArrayList<>();
        for (Class<?> type : List.of(TransportExhaustion.class, Transport.class, transport.getClass())) {
            classPath.add(placeOf(type).toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder("sh", "-c", "ulimit -n " + DESCRIPTORS + " && exec \"$@\"", "sh", java,
            "-Xshare:auto", "--enable-native-access=ALL-UNNAMED", "-cp", String.join(File.pathSeparator, classPath),
            TransportExhaustion.class.getName(), transport.name()).redirectError(Redirect.INHERIT).start();
    }

    /** Returns the folder or the jar that a class comes from, also where it patches a module. */
    private static Path placeOf(Class<?> type) throws URISyntaxException {
        String file = type.getName().replace('.', '/') + ".class";
        String resource = String.valueOf(type.getResource("/" + file));
        String place = resource.substring(0, resource.length() - file.length());
        return Path.of(new URI(place.startsWith("jar:") ? place.substring(4, place.length() - 2) : place));
    }

    /**
     * Prints {@code errno E, then ANSWER}.
     *
     * @param args the name of the transport
     * @throws IOException if anything fails that must not
     */
    public static void main(String[] args) throws IOException {
        TransportProvider provider = ServiceLoader.load(TransportProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals(args[0]))
            .findFirst().orElseThrow();
        try (Transport transport = provider.open();
                Poller poller = transport.poller();
                Listener listener = transport.listen(TransportBench.loopback(0), 8, TransportBench.MAX_UNSENT_BYTES)) {
            poller.add(listener, readiness -> { });
            try (Socket _ = connect(listener)) { // so that all classes are loaded
                answer(listener);
                answer(listener);
            }
            try (Socket _ = connect(listener)) {
                Deque<InputStream> hoard = new ArrayDeque<>();
                useUp(hoard);
                String exhausted = answer(listener);
                while (!hoard.isEmpty()) {
                    hoard.pop().close();
                }
                System.out.println(exhausted + ", then " + answer(listener));
            }
        }
    }

    private static Socket connect(Listener listener) throws IOException {
        return new Socket(listener.address().getAddress(), listener.address().getPort());
    }

    private static void useUp(Deque<InputStream> hoard) {
        try {
            while (hoard.size() < DESCRIPTORS) {
                hoard.push(new FileInputStream("/dev/null"));
            }
            throw new AssertionError("the limit is not in force");
        } catch (IOException e) {
            // that was the last one
        }
    }

    private static String answer(Listener listener) {
        return switch (listener.accept()) {
            case Acceptance.Connected connected -> {
                connected.channel().close();
                yield "connected";
            }
            case Acceptance.None(int errno) -> "errno " + errno;
        };
    }
}
