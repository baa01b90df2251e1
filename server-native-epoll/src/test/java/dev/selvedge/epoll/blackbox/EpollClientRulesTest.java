package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpClientRules;

class EpollClientRulesTest extends HttpClientRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
