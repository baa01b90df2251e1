package dev.selvedge.server;

import dev.selvedge.server.transport.TransportProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Chooses the transport of a server among the providers that are installed. */
final class TransportSelection {

    /** Lets the most preferred transport be chosen that works here. */
    static final String AUTO = "auto";

    /** A provider that can't be loaded is passed over; this many in a row mean that the loader itself is broken. */
    private static final int MAX_BROKEN = 100;

    private final List<TransportProvider> providers;

    TransportSelection(List<TransportProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** Returns the selection among what is installed on the module path and on the class path. */
    static TransportSelection installed() {
        List<TransportProvider> found = new ArrayList<>();
        ModuleLayer layer = HttpServer.class.getModule().getLayer();
        if (layer != null) {
            addAll(found, ServiceLoader.load(layer, TransportProvider.class));
        }
        addAll(found, ServiceLoader.load(TransportProvider.class, HttpServer.class.getClassLoader()));
        return new TransportSelection(found);
    }

    private static void addAll(List<TransportProvider> found, Iterable<TransportProvider> loader) {
        Iterator<TransportProvider> providers = loader.iterator();
        for (int broken = 0; broken < MAX_BROKEN;) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                TransportProvider provider = providers.next();
                if (found.stream().noneMatch(other -> other.getClass() == provider.getClass())) {
                    found.add(provider);
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                broken++;       // somebody else's provider is broken; the others are not
            }
        }
    }

    /**
     * Chooses a provider.
     *
     * @param name a provider's name, or {@link #AUTO}
     * @return a provider that is available
     * @throws IllegalArgumentException if no provider has the name
     * @throws IllegalStateException if the one that was asked for, or every one, is not available
     */
    TransportProvider choose(String name) {
        return name.equals(AUTO) ? preferred() : named(name);
    }

    private TransportProvider preferred() {
        return providers.stream()
                .filter(provider -> unavailable(provider).isEmpty())
                .max(Comparator.comparingInt(TransportProvider::preference))
                .orElseThrow(() -> new IllegalStateException("no transport is available: " + (providers.isEmpty()
                        ? "no provider is installed; is META-INF/services missing in a repackaged jar?"
                        : providers.stream().map(provider -> provider.name() + ": " + unavailable(provider).orElse(""))
                                .collect(Collectors.joining("; ")))));
    }

    private TransportProvider named(String name) {
        TransportProvider provider = providers.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no transport \"" + name + "\"; known are "
                        + AUTO + providers.stream().map(known -> ", " + known.name()).sorted()
                                .collect(Collectors.joining())
                        + (name.equals("epoll") ? "; for epoll, add the artifact server-native-epoll" : "")));
        Optional<String> reason = unavailable(provider);
        if (reason.isPresent()) {
            throw new IllegalStateException("transport " + name + " is not available: " + reason.get());
        }
        return provider;
    }

    private static Optional<String> unavailable(TransportProvider provider) {
        try {
            return provider.unavailable();
        } catch (RuntimeException | LinkageError e) {
            return Optional.of("it is broken (" + e + ")");
        }
    }
}
