package dev.selvedge.server.http1;

/**
 * A response as the protocol sees it: the status, the fields that the application chose, and the content.
 *
 * <p>Content-Length, Transfer-Encoding and Connection are not among the fields: the response encoder decides
 * them. Date and Server may be; then they replace the server's own.
 *
 * @param status from 200 to 599
 * @param fields the application's fields
 * @param content what follows the head, unless the request or the status forbids it
 */
public record Answer(int status, FieldSection fields, Content content) {

    /** Returns whether the content is sent: not for HEAD, nor with a status that has none (RFC 9110 §6.4.1). */
    public boolean sendsContent(RequestHead head) {
        return !head.isHead() && status != 204 && status != 205 && status != 304;
    }

    /** Returns whether somebody has to write the content, who may read the body while he does. */
    public boolean streamsContent(RequestHead head) {
        return content instanceof Content.Streamed && sendsContent(head);
    }
}
