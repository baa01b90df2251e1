package dev.selvedge.server.engine;

import dev.selvedge.server.transport.memory.MemoryTransport;
import dev.selvedge.server.transport.memory.Scheduler;
import dev.selvedge.server.transport.nio.NioTransportProvider;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import javax.net.SocketFactory;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Lets each test, with what is before and behind it, drive a world in memory of its own. */
final class SimStage implements InvocationInterceptor {

    /** What a test throws, past the scheduler. */
    private static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown(Throwable cause) {
            super(cause);
        }
    }

    private final MemoryTransport.Edges edges;
    private Scheduler scheduler;
    private MemoryTransport transport;

    SimStage(MemoryTransport.Edges edges) {
        this.edges = edges;
    }

    /** Returns the transport of the present world. */
    MemoryTransport transport() {
        return transport;
    }

    /** Returns what makes sockets beyond that transport, which are not connected. */
    SocketFactory sockets() {
        return new SocketFactory() {
            @Override
            public Socket createSocket() {
                return new SimSocket(scheduler, transport);
            }

            @Override
            public Socket createSocket(String host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        scheduler = new Scheduler(Instant.EPOCH);
        transport = new MemoryTransport(scheduler, edges, new NioTransportProvider().open()::open);
        drive(invocation);
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        drive(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        drive(invocation);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        drive(invocation);
    }

    private void drive(Invocation<Void> invocation) throws Throwable {
        try {
            scheduler.drive(() -> {
                try {
                    invocation.proceed();
                } catch (Throwable e) {
                    throw new Thrown(e);
                }
            });
        } catch (Thrown e) {
            throw e.getCause();
        }
    }
}
