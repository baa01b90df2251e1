package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpRequestRules;

class EpollRequestRulesTest extends HttpRequestRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
