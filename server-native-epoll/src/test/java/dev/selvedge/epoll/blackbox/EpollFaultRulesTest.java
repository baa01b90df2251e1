package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFaultRules;

class EpollFaultRulesTest extends HttpFaultRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
