package dev.selvedge.jmh.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The servers that are compared: a class with a main method each, and what it is told. */
enum Contestant {

    SELVEDGE_EPOLL(SelvedgeServer.class, "epoll", "non-blocking"),
    SELVEDGE_NIO(SelvedgeServer.class, "nio", "non-blocking"),
    SELVEDGE_EPOLL_BLOCKING(SelvedgeServer.class, "epoll", "blocking"),
    SELVEDGE_NIO_BLOCKING(SelvedgeServer.class, "nio", "blocking"),
    NETTY(NettyServer.class),
    JETTY(JettyServer.class),
    UNDERTOW(UndertowServer.class),
    HELIDON(HelidonServer.class),
    JDK(JdkServer.class);

    private final Class<?> main;
    private final List<String> arguments;

    Contestant(Class<?> main, String... arguments) {
        this.main = main;
        this.arguments = List.of(arguments);
    }

    static Contestant of(String label) {
        return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no server " + label));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Class<?> main() {
        return main;
    }

    List<String> arguments() {
        return arguments;
    }
}
