package dev.selvedge.jmh;

/** Request heads of the sizes that parsers are usually compared with. */
final class RequestHeads {

    private static final String SMALL = """
            GET /plaintext HTTP/1.1\r
            Host: 127.0.0.1:8080\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r
            Accept: text/html,application/json;q=0.9\r
            Connection: keep-alive\r
            """;

    private static final String LARGE = """
            GET /wp-content/uploads/2010/03/hello-kitty-darth-vader-pink.jpg HTTP/1.1\r
            Host: www.example.com\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
            Accept-Language: en-US,en;q=0.5\r
            Accept-Encoding: gzip, deflate\r
            Connection: keep-alive\r
            Cache-Control: max-age=0\r
            Referer: http://www.example.com/galleries/2010/03/index.html\r
            Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=functional.statistics\r
            """;

    private RequestHeads() { }

    /** Returns a head of exactly that many octets. */
    static String ofLength(int octets) {
        String head = octets < LARGE.length() ? SMALL : LARGE;
        int padding = octets - head.length() - "X: \r\n\r\n".length();
        if (padding < 0) {
            throw new IllegalArgumentException("no head has " + octets + " octets");
        }
        return head + "X: " + "x".repeat(padding) + "\r\n\r\n";
    }
}
