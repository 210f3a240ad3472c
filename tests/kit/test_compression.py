"""Pages travel compressed, and nothing else is touched."""

import gzip

import brotli  # type: ignore[import-untyped]  # the package ships no types
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from hotdash.kit.compression import CompressedPages

PAGE = "<p>run</p>" * 500


def answered(response, accepted="gzip, br"):
    """What a browser gets that accepts these encodings."""
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return CompressedPages(lambda _: response)(request)


def test_a_page_is_sent_in_brotli_where_it_is_accepted():
    response = answered(HttpResponse(PAGE))
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert brotli.decompress(response.content).decode() == PAGE


def test_a_page_is_sent_in_gzip_to_older_browsers_and_plain_to_others():
    zipped = answered(HttpResponse(PAGE), "gzip")
    assert gzip.decompress(zipped.content).decode() == PAGE
    plain = answered(HttpResponse(PAGE), "identity")
    assert plain.content.decode() == PAGE
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_an_encoding_that_is_refused_is_not_used():
    assert "Content-Encoding" not in answered(HttpResponse(PAGE), "br;q=0, gzip;q=0").headers


def test_small_answers_downloads_and_encoded_ones_are_left_alone():
    small = answered(HttpResponse("<p>ok</p>"))
    download = answered(FileResponse(iter([b"x" * 5000])))
    json = answered(HttpResponse("[" + "1," * 2000 + "1]", content_type="application/json"))
    ready = answered(HttpResponse(PAGE, headers={"Content-Encoding": "zstd"}))
    assert "Content-Encoding" not in small.headers
    assert "Content-Encoding" not in download.headers
    assert "Content-Encoding" not in json.headers
    assert ready.headers["Content-Encoding"] == "zstd"
