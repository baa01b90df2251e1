package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpExpectRules;

class EpollExpectRulesTest extends HttpExpectRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
