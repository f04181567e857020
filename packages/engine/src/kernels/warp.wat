;; Pictures under the triangles of a mesh, mapped onto other triangles: what picture/affine-warp.ts says, in WebAssembly with SIMD.
;; Planes are bytes, row by row; positions are in pixels of the planes, pixel centres at whole numbers.
(module
  (import "kernels" "memory" (memory 1 16384 shared))

  ;; Size and stride of the source.
  (global $width (mut i32) (i32.const 0))
  (global $height (mut i32) (i32.const 0))
  (global $stride (mut i32) (i32.const 0))
  ;; Step of the source position from one target pixel to the next.
  (global $dx (mut f64) (f64.const 0))
  (global $dy (mut f64) (f64.const 0))
  ;; The same in 1 / 2^32 of a pixel: a fraction's leading bits are at hand without a conversion.
  (global $stepX (mut i64) (i64.const 0))
  (global $stepY (mut i64) (i64.const 0))
  ;; Table of cubic weights, 0 for bilinear sampling: for each of 257 fractions of a pixel four taps as i16, and, from the
  ;; second address on, each of them twice as i32.
  (global $taps (mut i32) (i32.const 0))
  (global $taps2 (mut i32) (i32.const 0))

  ;; Bilinear; positions outside the source repeat its edge.
  (func $edgeSpan (param $out i32) (param $count i32) (param $from i32) (param $sx f64) (param $sy f64)
    (local $end i32) (local $p i32) (local $q i32) (local $at v128) (local $whole v128) (local $share v128)
    (local $position v128) (local $step v128) (local $most v128)
    (local.set $end (i32.add (local.get $out) (local.get $count)))
    (local.set $position (f64x2.replace_lane 1 (f64x2.splat (local.get $sx)) (local.get $sy)))
    (local.set $step (f64x2.replace_lane 1 (f64x2.splat (global.get $dx)) (global.get $dy)))
    (local.set $most (f64x2.sub
      (f64x2.replace_lane 1
        (f64x2.splat (f64.convert_i32_s (global.get $width))) (f64.convert_i32_s (global.get $height)))
      (v128.const f64x2 1.001 1.001)))
    (loop $pixel
      (local.set $at (f64x2.pmax (v128.const f64x2 0 0) (f64x2.pmin (local.get $most) (local.get $position))))
      (local.set $whole (i32x4.trunc_sat_f64x2_s_zero (local.get $at)))
      (local.set $share (f64x2.sub (local.get $at) (f64x2.convert_low_i32x4_s (local.get $whole))))
      (local.set $p (i32.add (local.get $from) (i32.add
        (i32.mul (i32x4.extract_lane 1 (local.get $whole)) (global.get $stride))
        (i32x4.extract_lane 0 (local.get $whole)))))
      (local.set $q (i32.add (local.get $p) (global.get $stride)))
      ;; Upper and lower row side by side: left pixels, then what the right ones add.
      (local.set $at (f64x2.convert_low_i32x4_s
        (i32x4.replace_lane 1 (i32x4.splat (i32.load8_u (local.get $p))) (i32.load8_u (local.get $q)))))
      (local.set $at (f64x2.add (local.get $at)
        (f64x2.mul
          (i8x16.shuffle 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 (local.get $share) (local.get $share))
          (f64x2.sub
            (f64x2.convert_low_i32x4_s (i32x4.replace_lane 1
              (i32x4.splat (i32.load8_u offset=1 (local.get $p))) (i32.load8_u offset=1 (local.get $q))))
            (local.get $at)))))
      (i32.store8 (local.get $out) (i32x4.extract_lane 0 (i32x4.trunc_sat_f64x2_s_zero (f64x2.nearest (f64x2.add
        (local.get $at)
        (f64x2.mul
          (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $share) (local.get $share))
          (f64x2.sub
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $at) (local.get $at))
            (local.get $at))))))))
      (local.set $position (f64x2.add (local.get $position) (local.get $step)))
      (local.set $out (i32.add (local.get $out) (i32.const 1)))
      (br_if $pixel (i32.lt_u (local.get $out) (local.get $end)))))

  ;; Bilinear inside the source, fractions in 1 / 2048: four pixels at a time, then one by one.
  (func $linearSpan (param $out i32) (param $count i32) (param $from i32) (param $sx f64) (param $sy f64)
    (local $end i32) (local $p i32) (local $fx i32) (local $top i32) (local $pair i32) (local $stride i32)
    (local $x i64) (local $y i64) (local $dx i64) (local $dy i64)
    (local $x01 v128) (local $x23 v128) (local $y01 v128) (local $y23 v128) (local $dx4 v128) (local $dy4 v128)
    (local $at v128) (local $share v128) (local $upper v128) (local $lower v128)
    (local.set $end (i32.sub (i32.add (local.get $out) (local.get $count)) (i32.const 3)))
    (local.set $x (i64.trunc_f64_s (f64.mul (local.get $sx) (f64.const 0x1p32))))
    (local.set $y (i64.trunc_f64_s (f64.mul (local.get $sy) (f64.const 0x1p32))))
    (local.set $dx (global.get $stepX))
    (local.set $dy (global.get $stepY))
    (local.set $stride (global.get $stride))
    (if (i32.lt_s (local.get $out) (local.get $end))
      (then
        (local.set $x01 (i64x2.replace_lane 1 (i64x2.splat (local.get $x)) (i64.add (local.get $x) (local.get $dx))))
        (local.set $y01 (i64x2.replace_lane 1 (i64x2.splat (local.get $y)) (i64.add (local.get $y) (local.get $dy))))
        (local.set $dx4 (i64x2.splat (i64.shl (local.get $dx) (i64.const 1))))
        (local.set $dy4 (i64x2.splat (i64.shl (local.get $dy) (i64.const 1))))
        (local.set $x23 (i64x2.add (local.get $x01) (local.get $dx4)))
        (local.set $y23 (i64x2.add (local.get $y01) (local.get $dy4)))
        (local.set $dx4 (i64x2.add (local.get $dx4) (local.get $dx4)))
        (local.set $dy4 (i64x2.add (local.get $dy4) (local.get $dy4)))
        (loop $four
          ;; Whole pixels lie in the upper halves, fractions in the lower ones.
          (local.set $at (i32x4.add
            (i32x4.add (i32x4.splat (local.get $from))
              (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $x01) (local.get $x23)))
            (i32x4.mul (i32x4.splat (local.get $stride))
              (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $y01) (local.get $y23)))))
          (local.set $share (i32x4.shr_u
            (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $x01) (local.get $x23))
            (i32.const 21)))
          ;; Shares of the left and the right pixel, side by side as i16.
          (local.set $share (v128.or
            (i32x4.sub (v128.const i32x4 2048 2048 2048 2048) (local.get $share))
            (i32x4.shl (local.get $share) (i32.const 16))))
          (local.set $p (i32x4.extract_lane 0 (local.get $at)))
          (local.set $upper (v128.load16_lane 0 (local.get $p) (local.get $upper)))
          (local.set $lower (v128.load16_lane 0 (i32.add (local.get $p) (local.get $stride)) (local.get $lower)))
          (local.set $p (i32x4.extract_lane 1 (local.get $at)))
          (local.set $upper (v128.load16_lane 1 (local.get $p) (local.get $upper)))
          (local.set $lower (v128.load16_lane 1 (i32.add (local.get $p) (local.get $stride)) (local.get $lower)))
          (local.set $p (i32x4.extract_lane 2 (local.get $at)))
          (local.set $upper (v128.load16_lane 2 (local.get $p) (local.get $upper)))
          (local.set $lower (v128.load16_lane 2 (i32.add (local.get $p) (local.get $stride)) (local.get $lower)))
          (local.set $p (i32x4.extract_lane 3 (local.get $at)))
          (local.set $upper (v128.load16_lane 3 (local.get $p) (local.get $upper)))
          (local.set $lower (v128.load16_lane 3 (i32.add (local.get $p) (local.get $stride)) (local.get $lower)))
          (local.set $at (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $upper)) (local.get $share)))
          (local.set $share (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $lower)) (local.get $share)))
          (local.set $at (i32x4.shr_u
            (i32x4.add
              (i32x4.add (i32x4.shl (local.get $at) (i32.const 11)) (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
              (i32x4.mul
                (i32x4.shr_u
                  (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $y01) (local.get $y23))
                  (i32.const 21))
                (i32x4.sub (local.get $share) (local.get $at))))
            (i32.const 22)))
          (v128.store32_lane 0 (local.get $out)
            (i8x16.shuffle 0 4 8 12 0 4 8 12 0 4 8 12 0 4 8 12 (local.get $at) (local.get $at)))
          (local.set $x01 (i64x2.add (local.get $x01) (local.get $dx4)))
          (local.set $x23 (i64x2.add (local.get $x23) (local.get $dx4)))
          (local.set $y01 (i64x2.add (local.get $y01) (local.get $dy4)))
          (local.set $y23 (i64x2.add (local.get $y23) (local.get $dy4)))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))
          (br_if $four (i32.lt_s (local.get $out) (local.get $end))))
        (local.set $x (i64x2.extract_lane 0 (local.get $x01)))
        (local.set $y (i64x2.extract_lane 0 (local.get $y01)))))
    (local.set $end (i32.add (local.get $end) (i32.const 3)))
    (block $done
      (loop $pixel
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $p (i32.add (local.get $from) (i32.add
          (i32.mul (i32.wrap_i64 (i64.shr_u (local.get $y) (i64.const 32))) (local.get $stride))
          (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 32))))))
        (local.set $fx (i32.shr_u (i32.wrap_i64 (local.get $x)) (i32.const 21)))
        (local.set $pair (i32.load16_u (local.get $p)))
        (local.set $top (i32.and (local.get $pair) (i32.const 255)))
        (local.set $top (i32.add (i32.shl (local.get $top) (i32.const 11))
          (i32.mul (local.get $fx) (i32.sub (i32.shr_u (local.get $pair) (i32.const 8)) (local.get $top)))))
        (local.set $pair (i32.load16_u (i32.add (local.get $p) (local.get $stride))))
        (local.set $p (i32.and (local.get $pair) (i32.const 255)))
        (local.set $p (i32.add (i32.shl (local.get $p) (i32.const 11))
          (i32.mul (local.get $fx) (i32.sub (i32.shr_u (local.get $pair) (i32.const 8)) (local.get $p)))))
        (i32.store8 (local.get $out)
          (i32.shr_u
            (i32.add
              (i32.add (i32.shl (local.get $top) (i32.const 11))
                (i32.mul (i32.shr_u (i32.wrap_i64 (local.get $y)) (i32.const 21)) (i32.sub (local.get $p) (local.get $top))))
              (i32.const 0x200000))
            (i32.const 22)))
        (local.set $x (i64.add (local.get $x) (local.get $dx)))
        (local.set $y (i64.add (local.get $y) (local.get $dy)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $pixel))))

  ;; Bicubic where all 16 taps exist.
  (func $cubicSpan (param $out i32) (param $count i32) (param $from i32) (param $sx f64) (param $sy f64)
    (local $end i32) (local $p i32) (local $q i32) (local $across v128) (local $down i32) (local $sum v128)
    (local $x i64) (local $y i64) (local $dx i64) (local $dy i64) (local $stride i32) (local $taps i32) (local $taps2 i32)
    (local.set $end (i32.add (local.get $out) (local.get $count)))
    (local.set $x (i64.trunc_f64_s (f64.mul (local.get $sx) (f64.const 0x1p32))))
    (local.set $y (i64.trunc_f64_s (f64.mul (local.get $sy) (f64.const 0x1p32))))
    (local.set $dx (global.get $stepX))
    (local.set $dy (global.get $stepY))
    (local.set $stride (global.get $stride))
    (local.set $taps (global.get $taps))
    (local.set $taps2 (global.get $taps2))
    ;; The first tap lies one pixel before and above.
    (local.set $from (i32.sub (local.get $from) (i32.add (local.get $stride) (i32.const 1))))
    (loop $pixel
      ;; The nearest of the 256 fractions of a pixel.
      (local.set $across (v128.load64_splat (i32.add (local.get $taps) (i32.shl
          (i32.shr_u (i32.add (i32.shr_u (i32.wrap_i64 (local.get $x)) (i32.const 1)) (i32.const 0x400000)) (i32.const 23))
          (i32.const 3)))))
      (local.set $down (i32.add (local.get $taps2) (i32.shl
          (i32.shr_u (i32.add (i32.shr_u (i32.wrap_i64 (local.get $y)) (i32.const 1)) (i32.const 0x400000)) (i32.const 23))
          (i32.const 5))))
      (local.set $p (i32.add (local.get $from) (i32.add
        (i32.mul (i32.wrap_i64 (i64.shr_u (local.get $y) (i64.const 32))) (local.get $stride))
        (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 32))))))
      (local.set $q (i32.add (local.get $p) (i32.shl (local.get $stride) (i32.const 1))))
      ;; Two rows at a time: sums of taps 0 and 1, and of 2 and 3, of each; then times the taps downwards.
      (local.set $sum (i32x4.add
        (i32x4.mul (v128.load (local.get $down))
          (i32x4.dot_i16x8_s (local.get $across) (i16x8.extend_low_i8x16_u
            (v128.load32_lane 1 (i32.add (local.get $p) (local.get $stride)) (v128.load32_zero (local.get $p))))))
        (i32x4.mul (v128.load offset=16 (local.get $down))
          (i32x4.dot_i16x8_s (local.get $across) (i16x8.extend_low_i8x16_u
            (v128.load32_lane 1 (i32.add (local.get $q) (local.get $stride)) (v128.load32_zero (local.get $q))))))))
      (local.set $sum (i32x4.add (local.get $sum)
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $sum) (local.get $sum))))
      (local.set $sum (i32x4.add (local.get $sum)
        (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $sum) (local.get $sum))))
      (local.set $sum (i32x4.shr_s (i32x4.add (local.get $sum) (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
        (i32.const 22)))
      (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
      (v128.store8_lane 0 (local.get $out) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
      (local.set $x (i64.add (local.get $x) (local.get $dx)))
      (local.set $y (i64.add (local.get $y) (local.get $dy)))
      (local.set $out (i32.add (local.get $out) (i32.const 1)))
      (br_if $pixel (i32.lt_u (local.get $out) (local.get $end)))))

  ;; Whether a line of positions stays so many pixels from the first, and more than so many from the end of the source.
  (func $isInside (param $count i32) (param $sx f64) (param $sy f64) (param $before f64) (param $after f64) (result i32)
    (local $start v128) (local $end v128) (local $size v128)
    (local.set $start (f64x2.replace_lane 1 (f64x2.splat (local.get $sx)) (local.get $sy)))
    (local.set $end (f64x2.add (local.get $start)
      (f64x2.mul
        (f64x2.replace_lane 1 (f64x2.splat (global.get $dx)) (global.get $dy))
        (f64x2.splat (f64.convert_i32_s (i32.sub (local.get $count) (i32.const 1)))))))
    (local.set $size
      (f64x2.replace_lane 1
        (f64x2.splat (f64.convert_i32_s (global.get $width))) (f64.convert_i32_s (global.get $height))))
    (i64x2.all_true (v128.and
      (f64x2.ge (f64x2.pmin (local.get $start) (local.get $end)) (f64x2.splat (local.get $before)))
      (f64x2.lt
        (f64x2.pmax (local.get $start) (local.get $end))
        (f64x2.sub (local.get $size) (f64x2.splat (local.get $after)))))))

  (func $span (param $out i32) (param $count i32) (param $from i32) (param $sx f64) (param $sy f64)
    (if (global.get $taps)
      (then
        (if (call $isInside (local.get $count) (local.get $sx) (local.get $sy) (f64.const 1) (f64.const 2))
          (then
            (call $cubicSpan (local.get $out) (local.get $count) (local.get $from) (local.get $sx) (local.get $sy))
            (return)))))
    (if (call $isInside (local.get $count) (local.get $sx) (local.get $sy) (f64.const 0) (f64.const 1))
      (then (call $linearSpan (local.get $out) (local.get $count) (local.get $from) (local.get $sx) (local.get $sy)))
      (else (call $edgeSpan (local.get $out) (local.get $count) (local.get $from) (local.get $sx) (local.get $sy)))))

  ;; Of an edge: first and last row that it crosses, its x in row 0 and its slope.
  ;; A level edge adds nothing: the ends of the other two are its ends.
  (func $edge (param $px f64) (param $py f64) (param $qx f64) (param $qy f64)
    (result f64 f64 f64 f64)
    (local $slope f64)
    (if (f64.eq (local.get $py) (local.get $qy))
      (then (return (f64.const inf) (f64.const -inf) (f64.const 0) (f64.const 0))))
    (local.set $slope (f64.div (f64.sub (local.get $qx) (local.get $px)) (f64.sub (local.get $qy) (local.get $py))))
    (f64.sub (f64.min (local.get $py) (local.get $qy)) (f64.const 1e-4))
    (f64.add (f64.max (local.get $py) (local.get $qy)) (f64.const 1e-4))
    (f64.sub (local.get $px) (f64.mul (local.get $slope) (local.get $py)))
    (local.get $slope))

  (func $isMoved (param $at i32) (param $target i32) (param $source i32) (param $below f64) (result i32)
    (i32.or
      (f64.ge
        (f64.abs (f64.sub
          (f64.load (i32.add (local.get $target) (local.get $at)))
          (f64.load (i32.add (local.get $source) (local.get $at)))))
        (local.get $below))
      (f64.ge
        (f64.abs (f64.sub
          (f64.load offset=8 (i32.add (local.get $target) (local.get $at)))
          (f64.load offset=8 (i32.add (local.get $source) (local.get $at)))))
        (local.get $below))))

  ;; coverage: address of the byte of the target's first pixel, 0 for none.
  (func (export "warp")
    (param $triangles i32) (param $indices i32) (param $target i32) (param $source i32)
    (param $scale f64) (param $stillBelow f64) (param $taps i32) (param $taps2 i32) (param $coverage i32)
    (param $out i32) (param $out2 i32) (param $outX f64) (param $outY f64)
    (param $width i32) (param $height i32) (param $stride i32)
    (param $from i32) (param $from2 i32) (param $fromX f64) (param $fromY f64)
    (param $fromWidth i32) (param $fromHeight i32) (param $fromStride i32)
    (local $end i32) (local $a i32) (local $b i32) (local $c i32)
    (local $ax f64) (local $ay f64) (local $bx f64) (local $by f64) (local $cx f64) (local $cy f64)
    (local $ux f64) (local $uy f64) (local $vx f64) (local $vy f64)
    (local $sax f64) (local $say f64) (local $sbx f64) (local $sby f64) (local $scx f64) (local $scy f64)
    (local $determinant f64) (local $jxx f64) (local $jxy f64) (local $jyx f64) (local $jyy f64)
    (local $y i32) (local $lastRow i32) (local $row f64) (local $left f64) (local $right f64) (local $x f64)
    (local $first0 f64) (local $last0 f64) (local $x0 f64) (local $slope0 f64)
    (local $first1 f64) (local $last1 f64) (local $x1 f64) (local $slope1 f64)
    (local $first2 f64) (local $last2 f64) (local $x2 f64) (local $slope2 f64)
    (local $first i32) (local $count i32) (local $o i32) (local $k i32) (local $stop i32) (local $sx f64) (local $sy f64)
    (global.set $width (local.get $fromWidth))
    (global.set $height (local.get $fromHeight))
    (global.set $stride (local.get $fromStride))
    (global.set $taps (local.get $taps))
    (global.set $taps2 (local.get $taps2))
    (local.set $outX (f64.add (local.get $outX) (f64.const 0.5)))
    (local.set $outY (f64.add (local.get $outY) (f64.const 0.5)))
    (local.set $end (i32.add (local.get $triangles) (i32.shl (local.get $indices) (i32.const 1))))
    (block $done
      (loop $triangle
        (br_if $done (i32.ge_u (local.get $triangles) (local.get $end)))
        (local.set $a (i32.shl (i32.load16_u (local.get $triangles)) (i32.const 4)))
        (local.set $b (i32.shl (i32.load16_u offset=2 (local.get $triangles)) (i32.const 4)))
        (local.set $c (i32.shl (i32.load16_u offset=4 (local.get $triangles)) (i32.const 4)))
        (local.set $triangles (i32.add (local.get $triangles) (i32.const 6)))
        (br_if $triangle (i32.eqz (i32.or
          (call $isMoved (local.get $a) (local.get $target) (local.get $source) (local.get $stillBelow))
          (i32.or
            (call $isMoved (local.get $b) (local.get $target) (local.get $source) (local.get $stillBelow))
            (call $isMoved (local.get $c) (local.get $target) (local.get $source) (local.get $stillBelow))))))
        (local.set $a (i32.add (local.get $a) (local.get $target)))
        (local.set $b (i32.add (local.get $b) (local.get $target)))
        (local.set $c (i32.add (local.get $c) (local.get $target)))
        (local.set $ax (f64.sub (f64.mul (f64.load (local.get $a)) (local.get $scale)) (local.get $outX)))
        (local.set $ay (f64.sub (f64.mul (f64.load offset=8 (local.get $a)) (local.get $scale)) (local.get $outY)))
        (local.set $bx (f64.sub (f64.mul (f64.load (local.get $b)) (local.get $scale)) (local.get $outX)))
        (local.set $by (f64.sub (f64.mul (f64.load offset=8 (local.get $b)) (local.get $scale)) (local.get $outY)))
        (local.set $cx (f64.sub (f64.mul (f64.load (local.get $c)) (local.get $scale)) (local.get $outX)))
        (local.set $cy (f64.sub (f64.mul (f64.load offset=8 (local.get $c)) (local.get $scale)) (local.get $outY)))
        (local.set $ux (f64.sub (local.get $bx) (local.get $ax)))
        (local.set $uy (f64.sub (local.get $by) (local.get $ay)))
        (local.set $vx (f64.sub (local.get $cx) (local.get $ax)))
        (local.set $vy (f64.sub (local.get $cy) (local.get $ay)))
        (local.set $determinant (f64.sub
          (f64.mul (local.get $ux) (local.get $vy)) (f64.mul (local.get $vx) (local.get $uy))))
        (br_if $triangle (f64.lt (f64.abs (local.get $determinant)) (f64.const 1e-6)))
        (local.set $a (i32.add (local.get $source) (i32.sub (local.get $a) (local.get $target))))
        (local.set $b (i32.add (local.get $source) (i32.sub (local.get $b) (local.get $target))))
        (local.set $c (i32.add (local.get $source) (i32.sub (local.get $c) (local.get $target))))
        (local.set $sax (f64.sub (f64.sub (f64.mul (f64.load (local.get $a)) (local.get $scale)) (local.get $fromX)) (f64.const 0.5)))
        (local.set $say (f64.sub (f64.sub (f64.mul (f64.load offset=8 (local.get $a)) (local.get $scale)) (local.get $fromY)) (f64.const 0.5)))
        (local.set $sbx (f64.mul (f64.sub (f64.load (local.get $b)) (f64.load (local.get $a))) (local.get $scale)))
        (local.set $sby (f64.mul (f64.sub (f64.load offset=8 (local.get $b)) (f64.load offset=8 (local.get $a))) (local.get $scale)))
        (local.set $scx (f64.mul (f64.sub (f64.load (local.get $c)) (f64.load (local.get $a))) (local.get $scale)))
        (local.set $scy (f64.mul (f64.sub (f64.load offset=8 (local.get $c)) (f64.load offset=8 (local.get $a))) (local.get $scale)))
        ;; Affine map of the triangle: source = sa + J (target - a).
        (local.set $jxx (f64.div (f64.sub (f64.mul (local.get $sbx) (local.get $vy)) (f64.mul (local.get $scx) (local.get $uy))) (local.get $determinant)))
        (local.set $jxy (f64.div (f64.sub (f64.mul (local.get $scx) (local.get $ux)) (f64.mul (local.get $sbx) (local.get $vx))) (local.get $determinant)))
        (local.set $jyx (f64.div (f64.sub (f64.mul (local.get $sby) (local.get $vy)) (f64.mul (local.get $scy) (local.get $uy))) (local.get $determinant)))
        (local.set $jyy (f64.div (f64.sub (f64.mul (local.get $scy) (local.get $ux)) (f64.mul (local.get $sby) (local.get $vx))) (local.get $determinant)))
        (global.set $dx (local.get $jxx))
        (global.set $dy (local.get $jyx))
        (global.set $stepX (i64.trunc_sat_f64_s (f64.mul (local.get $jxx) (f64.const 0x1p32))))
        (global.set $stepY (i64.trunc_sat_f64_s (f64.mul (local.get $jyx) (f64.const 0x1p32))))
        (call $edge (local.get $ax) (local.get $ay) (local.get $bx) (local.get $by))
        (local.set $slope0) (local.set $x0) (local.set $last0) (local.set $first0)
        (call $edge (local.get $bx) (local.get $by) (local.get $cx) (local.get $cy))
        (local.set $slope1) (local.set $x1) (local.set $last1) (local.set $first1)
        (call $edge (local.get $cx) (local.get $cy) (local.get $ax) (local.get $ay))
        (local.set $slope2) (local.set $x2) (local.set $last2) (local.set $first2)
        (local.set $y (i32.trunc_sat_f64_s (f64.max (f64.const 0) (f64.ceil (f64.sub
          (f64.min (local.get $ay) (f64.min (local.get $by) (local.get $cy))) (f64.const 1e-4))))))
        (local.set $lastRow (i32.trunc_sat_f64_s (f64.min
          (f64.convert_i32_s (i32.sub (local.get $height) (i32.const 1)))
          (f64.floor (f64.add
            (f64.max (local.get $ay) (f64.max (local.get $by) (local.get $cy))) (f64.const 1e-4))))))
        (br_if $triangle (i32.gt_s (local.get $y) (local.get $lastRow)))
        (loop $rows
          (local.set $row (f64.convert_i32_s (local.get $y)))
          (local.set $left (f64.const inf))
          (local.set $right (f64.const -inf))
          (if (i32.and (f64.ge (local.get $row) (local.get $first0)) (f64.le (local.get $row) (local.get $last0)))
            (then
              (local.set $left (f64.add (local.get $x0) (f64.mul (local.get $slope0) (local.get $row))))
              (local.set $right (local.get $left))))
          (if (i32.and (f64.ge (local.get $row) (local.get $first1)) (f64.le (local.get $row) (local.get $last1)))
            (then
              (local.set $x (f64.add (local.get $x1) (f64.mul (local.get $slope1) (local.get $row))))
              (if (f64.lt (local.get $x) (local.get $left)) (then (local.set $left (local.get $x))))
              (if (f64.gt (local.get $x) (local.get $right)) (then (local.set $right (local.get $x))))))
          (if (i32.and (f64.ge (local.get $row) (local.get $first2)) (f64.le (local.get $row) (local.get $last2)))
            (then
              (local.set $x (f64.add (local.get $x2) (f64.mul (local.get $slope2) (local.get $row))))
              (if (f64.lt (local.get $x) (local.get $left)) (then (local.set $left (local.get $x))))
              (if (f64.gt (local.get $x) (local.get $right)) (then (local.set $right (local.get $x))))))
          (local.set $first (i32.trunc_sat_f64_s (f64.ceil (f64.sub (local.get $left) (f64.const 1e-4)))))
          (local.set $count (i32.trunc_sat_f64_s (f64.floor (f64.add (local.get $right) (f64.const 1e-4)))))
          (if (i32.lt_s (local.get $first) (i32.const 0)) (then (local.set $first (i32.const 0))))
          (if (i32.ge_s (local.get $count) (local.get $width))
            (then (local.set $count (i32.sub (local.get $width) (i32.const 1)))))
          (if (i32.ge_s (local.get $count) (local.get $first))
            (then
              (local.set $count (i32.sub (i32.add (local.get $count) (i32.const 1)) (local.get $first)))
              (local.set $o (i32.add (i32.mul (local.get $y) (local.get $stride)) (local.get $first)))
              (if (local.get $coverage)
                (then
                  (local.set $k (i32.add (local.get $coverage) (local.get $o)))
                  (local.set $stop (i32.add (local.get $k) (local.get $count)))
                  (block $rest
                    (loop $sixteen
                      (br_if $rest (i32.gt_u (i32.add (local.get $k) (i32.const 16)) (local.get $stop)))
                      (v128.store (local.get $k) (v128.const i8x16 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1))
                      (local.set $k (i32.add (local.get $k) (i32.const 16)))
                      (br $sixteen)))
                  (block $covered
                    (loop $cover
                      (br_if $covered (i32.ge_u (local.get $k) (local.get $stop)))
                      (i32.store8 (local.get $k) (i32.const 1))
                      (local.set $k (i32.add (local.get $k) (i32.const 1)))
                      (br $cover)))))
              (local.set $x (f64.sub (f64.convert_i32_s (local.get $first)) (local.get $ax)))
              (local.set $row (f64.sub (local.get $row) (local.get $ay)))
              (local.set $sx (f64.add (f64.add (local.get $sax) (f64.mul (local.get $jxx) (local.get $x))) (f64.mul (local.get $jxy) (local.get $row))))
              (local.set $sy (f64.add (f64.add (local.get $say) (f64.mul (local.get $jyx) (local.get $x))) (f64.mul (local.get $jyy) (local.get $row))))
              (call $span (i32.add (local.get $out) (local.get $o)) (local.get $count) (local.get $from) (local.get $sx) (local.get $sy))
              (if (local.get $out2)
                (then (call $span (i32.add (local.get $out2) (local.get $o)) (local.get $count) (local.get $from2) (local.get $sx) (local.get $sy))))))
          (local.set $y (i32.add (local.get $y) (i32.const 1)))
          (br_if $rows (i32.le_s (local.get $y) (local.get $lastRow))))
        (br $triangle))))
)
