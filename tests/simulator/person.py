"""Somebody with a browser without JavaScript, and what such a person reads on a page."""

import http.client
import re
from html import unescape
from urllib.parse import urlencode


class Person:
    """Somebody with a browser without JavaScript at one company's pages."""

    def __init__(self, company):
        self.company = company
        self.home = f"/companies/{company.realm}"
        self.cookies = {}

    def go(self, method, path, fields=(), **headers):
        port = self.company.running.port
        connection = http.client.HTTPConnection("localhost", port, timeout=10)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": jar}
        body = urlencode(fields, doseq=True) if method == "POST" else None
        connection.request(method, path, body, kind | headers)
        answer = connection.getresponse()
        text = unescape(answer.read().decode())
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.getheader("Location"), text

    def see(self, path=""):
        status, _location, text = self.go("GET", path if path.startswith("/") else self.at(path))
        assert status == 200, text
        return text

    def at(self, path):
        return f"{self.home}/{path}" if path else self.home

    def press(self, path, **fields):
        """Press a button that works; give the page that follows, with its message."""
        status, location, text = self.go("POST", self.at(path), fields)
        assert status == 303, text
        return self.see(location)

    def refused(self, path, **fields):
        """Press a button that refuses; give the page that comes back."""
        before = self.company.control("journal?after=0")
        status, _location, text = self.go("POST", self.at(path), fields)
        assert status == 422, text
        assert self.company.control("journal?after=0") == before
        return text


def said(text):
    return re.search(r'<p class="(?:said|problem)" role="\w+">(.*?)</p>', text).group(1)


def field(text, name):
    return re.search(rf'name="{name}"[^>]*? value="([^"]*)"', text).group(1)
