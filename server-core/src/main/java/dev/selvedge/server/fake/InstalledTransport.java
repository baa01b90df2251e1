package dev.selvedge.server.fake;

import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The best transport that is installed and works here, as a server would choose it. */
final class InstalledTransport implements TransportProvider {

    @Override
    public String name() {
        return "installed";
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Transport open() throws IOException {
        List<TransportProvider> providers = ServiceLoader.load(TransportProvider.class,
                        InstalledTransport.class.getClassLoader()).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.unavailable().isEmpty())
                .sorted(Comparator.comparingInt(TransportProvider::preference).reversed()).toList();
        IOException failure = new IOException("no transport works here; installed are "
                + providers.stream().map(TransportProvider::name).collect(Collectors.joining(", ")));
        for (TransportProvider provider : providers) {
            try {
                Transport transport = provider.open();
                transport.poller().close();     // whether it works is known only when it is used
                return transport;
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }
}
