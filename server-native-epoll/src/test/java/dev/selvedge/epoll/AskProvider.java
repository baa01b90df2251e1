package dev.selvedge.epoll;

import dev.selvedge.server.transport.TransportProvider;
import java.util.ServiceLoader;

/** A program for {@link EpollTransportProviderTest}: finds the provider as a server does, and prints what it says. */
final class AskProvider {

    private AskProvider() { }

    public static void main(String[] arguments) {
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.name().equals("epoll")) {
                System.out.println(provider.unavailable().orElse("available"));
            }
        }
    }
}
