package dev.selvedge.server.engine;

import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.SocketFactory;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Lets each test, with what is before and behind it, run on a thread of a simulated world of its own. */
final class SimStage implements InvocationInterceptor {

    private final SimTransport.Edges edges;
    private BlockingQueue<FutureTask<Void>> scenes;
    private FutureTask<Void> play;
    private SimTransport transport;
    private int sockets;

    SimStage(SimTransport.Edges edges) {
        this.edges = edges;
    }

    /** Returns the transport of the present world. */
    SimTransport transport() {
        return transport;
    }

    /** Returns what makes sockets beyond that transport, which are not connected. */
    SocketFactory sockets() {
        return new SocketFactory() {
            @Override
            public Socket createSocket() {
                return new SimSocket(transport, sockets++);
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
        SimWorld world = new SimWorld(context.getUniqueId().hashCode());
        transport = new SimTransport(world, edges);
        sockets = 0;
        BlockingQueue<FutureTask<Void>> queue = new LinkedBlockingQueue<>();
        scenes = queue;
        play = new FutureTask<>(() -> world.run(() -> conduct(queue)), null);
        Thread.ofPlatform().daemon().name("stage").start(play);
        perform(invocation);
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        perform(invocation);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        try {
            perform(invocation);
        } finally {
            scenes.add(new FutureTask<>(() -> { }, null));
        }
        result(play);
    }

    private void perform(Invocation<Void> invocation) throws Throwable {
        FutureTask<Void> scene = new FutureTask<>(() -> {
            try {
                return invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
        scenes.add(scene);
        try {
            result(scene);
        } catch (SimThread.Over e) {
            result(play); // which says why
            throw e;
        }
    }

    private static void result(FutureTask<Void> task) throws Throwable {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    /** Runs what is handed to it, three scenes and the end. Nobody else goes on while it waits for one. */
    private static void conduct(BlockingQueue<FutureTask<Void>> queue) {
        try {
            for (int scene = 0; scene < 4; scene++) {
                queue.take().run();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
