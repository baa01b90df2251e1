package dev.selvedge.jmh.compare;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Netty, on its native epoll where there is one: decoder, encoder and handler, without the aggregator and without
 * validation of headers.
 */
final class NettyServer {

    private static final DefaultHttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);
    private static final DefaultHttpHeadersFactory TRAILERS =
            DefaultHttpHeadersFactory.trailersFactory().withValidation(false);
    private static final AsciiString SERVER = AsciiString.cached("netty");
    private static final AsciiString TEXT_TYPE = AsciiString.cached(Payload.TEXT_TYPE);
    private static final AsciiString JSON_TYPE = AsciiString.cached(Payload.JSON_TYPE);
    private static final ByteBuf TEXT = Unpooled.unreleasableBuffer(Unpooled.directBuffer()
            .writeBytes(Payload.textOctets()).asReadOnly());

    private static volatile AsciiString date;

    private NettyServer() { }

    static void main() throws InterruptedException {
        Payload.eachSecond(text -> date = AsciiString.of(text));
        boolean epoll = Epoll.isAvailable();
        Channel channel = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory()
                        : NioIoHandler.newFactory()))
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new HttpResponseEncoder(),
                                new HttpRequestDecoder(new HttpDecoderConfig().setValidateHeaders(false)),
                                new Answering());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        Payload.ready(((InetSocketAddress) channel.localAddress()).getPort());
    }

    /** Answers requests; what was written leaves at the end of a batch. */
    private static final class Answering extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                switch (request.uri()) {
                    case "/plaintext" -> answer(context, HttpResponseStatus.OK, TEXT_TYPE, TEXT.duplicate());
                    case "/json" -> answer(context, HttpResponseStatus.OK, JSON_TYPE,
                            Unpooled.wrappedBuffer(Payload.jsonOctets()));
                    default -> answer(context, HttpResponseStatus.NOT_FOUND, TEXT_TYPE, Unpooled.EMPTY_BUFFER);
                }
            }
            ReferenceCountUtil.release(message);
        }

        private static void answer(ChannelHandlerContext context, HttpResponseStatus status, AsciiString type,
                ByteBuf content) {
            FullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content, HEADERS, TRAILERS);
            response.headers()
                    .set(HttpHeaderNames.SERVER, SERVER)
                    .set(HttpHeaderNames.DATE, date)
                    .set(HttpHeaderNames.CONTENT_TYPE, type)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
            context.write(response, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
