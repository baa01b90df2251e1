package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpResponseRules;

class EpollResponseRulesTest extends HttpResponseRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
